package org.sluice.admin.splogger.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

/** With a logger that the test plays. */
@Timeout(60)
class SploggerProgramTest {
  private static final String STAMP = "1795408001.059674";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_795_408_001, 59_674_000));
  private static final Duration LONG = Duration.ofMinutes(5);

  private final List<List<String>> commands = new ArrayList<>();
  private TestContext context;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Gives at most so many octets at a time. */
  private static InputStream pieces(byte[] octets, int size) {
    return new ByteArrayInputStream(octets) {
      @Override
      public int read(byte[] block, int offset, int length) {
        return super.read(block, offset, Math.min(size, length));
      }
    };
  }

  private int run(Duration patience, InputStream in, FakeExecution.Body logger, String... arguments)
      throws Exception {
    context = new TestContext(List.of(arguments)).input(in);
    context.programs(
        argv -> {
          commands.add(argv);
          return new FakeExecution(context, logger);
        });
    return new SploggerProgram(CLOCK, patience, LONG).run(context);
  }

  /** What logger gets, whatever pieces the input comes in; without the stamp that all have. */
  private List<String> logged(String input, String... arguments) throws Exception {
    List<String> first = null;
    for (int size : new int[] {8_192, 1, 7, 800}) {
      var got = new ArrayList<String>();
      FakeExecution.Body logger =
          (in, out) -> {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
              got.add(line.replace(STAMP, ""));
            }
            return 0;
          };
      assertEquals(0, run(LONG, pieces(bytes(input), size), logger, arguments));
      assertEquals("", context.stderr());
      got.remove("");
      first = first == null ? got : first;
      assertEquals(first, got, "in pieces of " + size);
    }
    return first;
  }

  private String tag() {
    List<String> last = commands.get(commands.size() - 1);
    assertEquals(List.of("logger", "-t"), last.subList(0, 2));
    assertEquals(List.of("--prio-prefix", "--socket-errors=off"), last.subList(3, last.size()));
    return last.get(2);
  }

  @Test
  void linesAreMessagesWithPriorities() throws Exception {
    assertEquals(List.of("<22> hello"), logged("hello\n"));
    assertEquals("splogger", tag());
    assertEquals(List.of(), logged("\n"));
    assertEquals(List.of(), logged("\n\n\n"));
    assertEquals(List.of("<20> warning: w"), logged("warning: w\n"));
    assertEquals(List.of("<17> alert: a"), logged("alert: a\n"));
    assertEquals(List.of("<22>  warning: x"), logged(" warning: x\n"));
    assertEquals(List.of("<22> Warning: y"), logged("Warning: y\n"));
    assertEquals(List.of("<22> warning x", "<22> alert"), logged("warning x\nalert\n"));
    assertEquals(
        List.of("<20> warning: 1", "<22> 2", "<17> alert:", "<22> 4"),
        logged("warning: 1\n2\n\nalert:\n4\nalert: 5"));
  }

  @Test
  void whatIsNotPrintableIsAQuestionMark() throws Exception {
    assertEquals(List.of("<22> status: ok?tab???end"), logged("status: ok\ttab\u00e9\0\rend\n"));
    assertEquals(List.of("<22> ?~ ??", "<22> ?"), logged("\37~ \177\u00ff\n\r\n"));
  }

  @Test
  void anUnfinishedLineIsLost() throws Exception {
    assertEquals(List.of(), logged("nonl"));
    assertEquals(List.of("<22> a"), logged("a\nnonl"));
    assertEquals(List.of(), logged("b".repeat(799)));
    assertEquals(List.of("<22> " + "b".repeat(799)), logged("b".repeat(800)));
  }

  @Test
  void tagAndFacility() throws Exception {
    assertEquals(List.of("<22> a"), logged("a\n", "tag"));
    assertEquals("tag", tag());
    assertEquals(List.of("<30> a", "<25> alert: b"), logged("a\nalert: b\n", "tag", "3"));
    assertEquals(List.of("<30> a"), logged("a\n", "", "3abc", "extra"));
    assertEquals("", tag());
    assertEquals(List.of("<6> a", "<4> warning: b"), logged("a\nwarning: b\n", "-u", "mail"));
    assertEquals("-u", tag());
    assertEquals(List.of("<190> a"), logged("a\n", "t\u00e4g", "23"));
    assertEquals("t\u00e4g", tag());
    // More than logger takes.
    assertEquals(List.of("<6> a"), logged("a\n", "tag", "24"));
    assertEquals(List.of("<6> a"), logged("a\n", "tag", "99999999999999999999"));
  }

  @Test
  void longLinesAreFolded() throws Exception {
    String a = "a".repeat(790);
    assertEquals(
        List.of("<20> warning: " + a, "<20>+" + "a".repeat(799), "<20>+" + "a".repeat(411)),
        logged("warning: " + "a".repeat(2_000) + "\n"));
    String b = "b".repeat(799);
    assertEquals(List.of("<22> " + b), logged(b + "\n"));
    assertEquals(List.of("<22> " + b, "<22>+b"), logged(b + "b\n"));
    assertEquals(List.of("<22> " + b, "<22>+alert: c", "<22> d"), logged(b + "alert: c\nd\n"));
    assertEquals(List.of("<22> " + b, "<22> b"), logged(b + "\nb\n"));
  }

  /** Each message is there before the next octet is read. */
  @Test
  void nothingWaits() throws Exception {
    var arrived = new java.util.concurrent.LinkedBlockingQueue<Character>();
    FakeExecution.Body logger =
        (in, out) -> {
          for (int c = in.read(); c >= 0; c = in.read()) {
            arrived.add((char) c);
          }
          return 0;
        };
    InputStream in =
        new InputStream() {
          private final byte[] octets = bytes("one\n" + "x".repeat(800));
          private int position;
          private String awaited = "";

          @Override
          public int read() throws IOException {
            try {
              for (char c : awaited.toCharArray()) {
                assertEquals(c, arrived.poll(30, TimeUnit.SECONDS));
              }
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            awaited = "";
            if (position == 3) {
              awaited = "<22>" + STAMP + " one\n";
            } else if (position == octets.length - 1) {
              awaited = "<22>" + STAMP + " " + "x".repeat(799) + "\n";
            }
            return position == octets.length ? -1 : octets[position++];
          }

          @Override
          public int read(byte[] block, int offset, int length) throws IOException {
            int octet = read();
            block[offset] = (byte) octet;
            return octet < 0 ? -1 : 1;
          }
        };
    assertEquals(0, run(LONG, in, logger));
    assertEquals(1, commands.size());
  }

  @Test
  void aReadErrorIsTheEnd() throws Exception {
    context = new TestContext(List.of()).unreadable();
    context.programs(argv -> new FakeExecution(context, (in, out) -> in.read() < 0 ? 0 : 1));
    assertEquals(0, new SploggerProgram(CLOCK, LONG, LONG).run(context));
    assertEquals("", context.stderr());
  }

  /** Three times what is kept. */
  private static byte[] many() {
    return bytes("0123456789\n".repeat(Pending.LIMIT * 3 / 31));
  }

  @Test
  void aSlowLoggerGetsAll() throws Exception {
    var got = new int[1];
    FakeExecution.Body logger =
        (in, out) -> {
          for (byte[] some = in.readNBytes(100); some.length > 0; some = in.readNBytes(100)) {
            got[0] += some.length;
          }
          return 0;
        };
    byte[] octets = many();
    assertEquals(0, run(LONG, pieces(octets, 8_192), logger));
    assertEquals(octets.length + octets.length / 11 * (STAMP.length() + 5), got[0]);
  }

  @Test
  void aLoggerThatReadsNothingStopsNobody() throws Exception {
    var read = new CountDownLatch(1);
    var got = new StringBuilder();
    FakeExecution.Body logger =
        (in, out) -> {
          read.await();
          got.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
          return 0;
        };
    InputStream in =
        new ByteArrayInputStream(many()) {
          @Override
          public int read(byte[] block, int offset, int length) {
            int n = super.read(block, offset, length);
            if (n < 0) {
              read.countDown();
            }
            return n;
          }
        };
    assertEquals(0, run(Duration.ofMillis(1), in, logger));
    assertTrue(
        got.length() <= Pending.LIMIT && got.length() > Pending.LIMIT - 33, "" + got.length());
    assertEquals("", got.toString().replace("<22>" + STAMP + " 0123456789\n", ""));
  }

  @Test
  void aLoggerThatHangsIsLeftAtTheEnd() throws Exception {
    var interrupted = new CountDownLatch(1);
    context = new TestContext(List.of()).stdin("a\n");
    FakeExecution.Body logger =
        (in, out) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return 0;
        };
    context.programs(argv -> new FakeExecution(context, logger));
    var program = new SploggerProgram(CLOCK, LONG, Duration.ofMillis(1));
    assertEquals(0, program.run(context));
    assertEquals(0, interrupted.getCount());
    assertEquals("", context.stderr());
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    context = new TestContext(List.of()).input(new ByteArrayInputStream(many()));
    var running = new CountDownLatch(1);
    context.programs(
        argv ->
            new FakeExecution(
                context,
                (in, out) -> {
                  running.countDown();
                  new CountDownLatch(1).await();
                  return 0;
                }));
    var ended = new CountDownLatch(1);
    var thread =
        new Thread(
            () -> {
              try {
                new SploggerProgram(CLOCK, LONG, LONG).run(context);
              } catch (InterruptedException e) {
                ended.countDown();
              }
            });
    thread.start();
    running.await();
    thread.interrupt();
    assertTrue(ended.await(30, TimeUnit.SECONDS));
  }

  /** Bounded memory: more than the heap of a test has room for. */
  @Test
  void aLineOfAnyLength() throws Exception {
    long total = 4L * Integer.MAX_VALUE / 100;
    InputStream in =
        new InputStream() {
          private long left = total;

          @Override
          public int read() {
            throw new AssertionError("a read for one octet");
          }

          @Override
          public int read(byte[] block, int offset, int length) {
            int n = (int) Math.min(left, length);
            java.util.Arrays.fill(block, offset, offset + n, (byte) 'x');
            left -= n;
            return n == 0 ? -1 : n;
          }
        };
    var count = new long[1];
    FakeExecution.Body logger =
        (stream, out) -> {
          byte[] block = new byte[8_192];
          for (int n = stream.read(block); n >= 0; n = stream.read(block)) {
            for (int i = 0; i < n; i++) {
              count[0] += block[i] == 'x' ? 1 : 0;
            }
          }
          return 0;
        };
    assertEquals(0, run(LONG, in, logger));
    assertEquals((total - 1) / 799 * 799, count[0]);
  }
}
