package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.Reply;

/** Clients that mean harm cost no more than a thread and a buffer. */
class HostileTest {
  private static final Output.Editor NONE =
      new Output.Editor() {
        @Override
        public boolean active() {
          return false;
        }

        @Override
        public Reply edit(Reply reply) {
          return reply;
        }
      };

  private final SmtpTalk talk = new SmtpTalk();

  @Test
  void aCommandLineOfTenMegabytes() throws Exception {
    String line = "MAIL FROM:<" + "a".repeat(10_000_000);
    assertEquals(
        "220 m ESMTP\r\n500 command line too long (#5.5.2)\r\n250 ok\r\n",
        talk.say(line + ">\r\nNOOP\r\n", 1 << 16));
    assertEquals("220 m ESMTP\r\n250 ok\r\n", talk.say("NOOP " + "a".repeat(60_000) + "\r\n"));
  }

  @Test
  void aLineWithoutEndIsNotKept() throws Exception {
    // More than an array can hold.
    var endless =
        new InputStream() {
          private long left = 2_500_000_000L;

          @Override
          public int read() {
            throw new IllegalStateException("read in blocks");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
              return -1;
            }
            left -= length;
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    var line = new ByteArrayInputStream("\nNOOP\n".getBytes(StandardCharsets.ISO_8859_1));
    var input =
        new Input(new SequenceInputStream(endless, line), output(), () -> 0, Input.LINE_LIMIT);
    assertEquals("x".repeat(65_536), input.line(Input.EVER));
    assertTrue(input.cut());
    assertEquals("NOOP", input.line(Input.EVER));
    assertFalse(input.cut());
  }

  @Test
  void theLongestLine() throws Exception {
    for (int extra : new int[] {0, 1}) {
      byte[] text = ("x".repeat(65_535 + extra) + "\nNOOP\n").getBytes();
      var input = new Input(new ByteArrayInputStream(text), output(), () -> 0, Input.LINE_LIMIT);
      assertEquals(65_535 + extra, input.line(Input.EVER).length());
      assertEquals(extra == 1, input.cut());
      assertEquals("NOOP", input.line(Input.EVER));
    }
  }

  @Test
  void manyRecipients() throws Exception {
    String said =
        talk.say(
            "MAIL FROM:<a>\r\n" + "RCPT TO:<b@c>\r\n".repeat(100_000) + "DATA\r\n.\r\nQUIT\r\n",
            1 << 16);
    assertTrue(
        said.matches(
            "220 m ESMTP\r\n(250 ok\r\n){100001}354 go ahead\r\n250 ok [0-9]+ qp [0-9]+\r\n221 m\r\n"),
        () -> said.substring(0, 200));
    assertEquals("Fa\0" + "Tb@c\0".repeat(100_000) + "\0", talk.queue.queued.get(0).envelope());
  }

  @Test
  void manyBadCommands() throws Exception {
    String said = talk.say("\0\r\n".repeat(100_000) + "QUIT\r\n", 1 << 16);
    assertTrue(said.endsWith("502 unimplemented (#5.5.1)\r\n221 m\r\n"));
  }

  @Test
  void anOctetNowAndThenIsNotEnough() throws Exception {
    var seconds = new AtomicLong();
    InputStream slow = slowly("NOOP\r\nNOOP\r\n", seconds);
    var input = new Input(slow, output(), () -> seconds.get() * 1_000_000_000L, Input.LINE_LIMIT);
    // Six octets, the first one free: 150 s.
    assertEquals("NOOP", input.line(Duration.ofSeconds(150)));
    var end = assertThrows(SessionEnd.class, () -> input.line(Duration.ofSeconds(149)));
    assertEquals("451 timeout (#4.4.2)", end.getMessage());
  }

  @Test
  void norIsItInAMessage() throws Exception {
    var seconds = new AtomicLong();
    var input =
        new Input(
            slowly("xxxxxxxx", seconds),
            output(),
            () -> seconds.get() * 1_000_000_000L,
            Input.LINE_LIMIT);
    input.within(Duration.ofSeconds(100));
    assertTrue(input.fill() && input.fill() && input.fill());
    assertThrows(SessionEnd.class, input::fill);
  }

  @Test
  void norInALineThatIsTooLong() {
    var seconds = new AtomicLong();
    InputStream start = new ByteArrayInputStream("x".repeat(65_536).getBytes());
    InputStream slow = slowly("xxxx\n", seconds);
    var input =
        new Input(
            new SequenceInputStream(start, slow),
            output(),
            () -> seconds.get() * 1_000_000_000L,
            Input.LINE_LIMIT);
    assertThrows(SessionEnd.class, () -> input.line(Duration.ofSeconds(100)));
    assertEquals(120, seconds.get());
  }

  @Test
  void idlingBeforeACommandIsNotPartOfIt() throws Exception {
    var seconds = new AtomicLong();
    InputStream late =
        new SequenceInputStream(
            slowly("N", seconds), new ByteArrayInputStream("OOP\r\n".getBytes()));
    var input = new Input(late, output(), () -> seconds.get() * 1_000_000_000L, Input.LINE_LIMIT);
    // 30 s until the first octet do not count, 30 s until the next do.
    assertEquals("NOOP", input.line(Duration.ofSeconds(40)));
  }

  private static Output output() {
    return new Output(new ByteArrayOutputStream(), NONE);
  }

  /** An octet every 30 seconds. */
  private static InputStream slowly(String text, AtomicLong seconds) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        seconds.addAndGet(30);
        return super.read(bytes, offset, Math.min(1, length));
      }
    };
  }

  @Test
  void aClientThatIsGoneEndsTheSession() {
    var gone =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Connection reset");
          }
        };
    var input = new Input(gone, output(), () -> 0, Input.LINE_LIMIT);
    assertThrows(IOException.class, () -> input.line(Input.EVER));
  }
}
