package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Large messages side by side in a small heap: if bodies were in it, twenty times it were needed.
 */
class MemoryIT {
  private static final int MESSAGES = 100;
  private static final int BLOCKS = 400;

  /** Lines of 64 octets, together 64 KB; the number of the message makes each its own. */
  private static String block(int message, int block) {
    return ("%03d %03d ".formatted(message, block) + "x".repeat(55) + "\n").repeat(1024);
  }

  @Test
  void hundredMessagesOf25MegabytesInAHeapOf128() throws Exception {
    try (var server = new Server("memory", Map.of("SLUICE_JAVA_OPTS", "-Xmx128m"))) {
      server.control("concurrencylocal", "20\n");
      server.start();
      var halfway = new CyclicBarrier(MESSAGES);
      var senders = Executors.newFixedThreadPool(MESSAGES);
      List<Future<String>> replies = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        int number = i;
        replies.add(senders.submit(() -> send(server.port(), number, halfway)));
      }
      for (Future<String> reply : replies) {
        assertTrue(reply.get(5, TimeUnit.MINUTES).startsWith("250"), reply.get());
      }
      senders.shutdown();
      Path maildir = server.maildir(Server.user()).path().resolve("new");
      Poll.until("all are delivered", 180_000, () -> count(maildir) == MESSAGES && server.idle());
      Set<Integer> seen = new TreeSet<>();
      try (var files = Files.list(maildir)) {
        for (Path file : files.toList()) {
          assertTrue(seen.add(check(file)), file + " is there twice");
          Files.delete(file);
        }
      }
      assertEquals(MESSAGES, seen.size());
      String console = Files.readString(server.home.resolve("log/sluice"));
      assertTrue(!console.contains("OutOfMemory"), console);
    }
  }

  private static int count(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return (int) files.count();
    }
  }

  /** All are in the middle of their bodies before any goes on. */
  private static String send(int port, int number, CyclicBarrier halfway) throws Exception {
    try (var client = new SmtpClient(port)) {
      client.command("HELO client.example");
      client.command("MAIL FROM:<a@b.example>");
      client.command("RCPT TO:<" + Server.user() + "@localhost>");
      client.command("DATA");
      client.write(("Subject: " + number + "\r\n\r\n").getBytes(ISO_8859_1));
      for (int i = 0; i < BLOCKS; i++) {
        if (i == BLOCKS / 2) {
          halfway.await(3, TimeUnit.MINUTES);
        }
        client.write(block(number, i).replace("\n", "\r\n").getBytes(ISO_8859_1));
      }
      return client.command(".");
    }
  }

  /** The number of the message, if all of it is as it was sent. */
  private static int check(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4096);
      String head = Maildir.withoutTrace(new String(start, ISO_8859_1));
      int number = Integer.parseInt(head.substring("Subject: ".length(), head.indexOf('\n')));
      int trace = start.length - head.length();
      var expected = new CRC32C();
      long size = update(expected, "Subject: " + number + "\n\n");
      for (int i = 0; i < BLOCKS; i++) {
        size += update(expected, block(number, i));
      }
      assertEquals(size, Files.size(file) - trace, file.toString());
      var actual = new CRC32C();
      actual.update(start, trace, start.length - trace);
      rest(in, actual);
      assertEquals(expected.getValue(), actual.getValue(), file.toString());
      return number;
    }
  }

  private static int update(CRC32C sum, String text) {
    sum.update(text.getBytes(ISO_8859_1));
    return text.length();
  }

  private static void rest(InputStream in, CRC32C sum) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int got = in.read(buffer); got > 0; got = in.read(buffer)) {
      sum.update(buffer, 0, got);
    }
  }
}
