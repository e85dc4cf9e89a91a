package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A hundred thousand messages fetched by POP3 from a server with a small heap. */
class LargeMaildirIT {
  private static final int COUNT = 100_000;

  /** A file has no more than 65,000 names. */
  private static final int NAMES = 50_000;

  private static final String JOE = "joe";
  private static final String TEXT = "Subject: x\n\nbody\n";

  @Test
  void aHundredThousandMessagesInAHeapOf64() throws Exception {
    try (var server = new Server("large-maildir", Map.of("SLUICE_JAVA_OPTS", "-Xmx64m"))) {
      String said = server.sluice("mailbox", "add", JOE);
      String password = said.substring(said.indexOf(" password ") + 10).strip();
      fill(server.maildir(JOE).path().resolve("new"));
      server.start().listening("pop3");
      // At first all are in new, then, after QUIT, in cur.
      Set<String> first = session(server.port("pop3"), password);
      Set<String> second = session(server.port("pop3"), password);
      assertEquals(COUNT, first.size());
      assertEquals(first, second);
      assertEquals(0, server.maildir(JOE).count());
      String console = Files.readString(server.home.resolve("log/sluice"));
      assertTrue(!console.contains("OutOfMemory"), console);
    }
  }

  private static void fill(Path directory) throws Exception {
    Path first = directory;
    for (int i = 0; i < COUNT; i++) {
      Path file = directory.resolve("1700000000.M%06dP1.host".formatted(i));
      if (i % NAMES == 0) {
        first = Files.writeString(file, TEXT);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
      } else {
        Files.createLink(file, first);
      }
    }
  }

  /**
   * What UIDL tells; the time to STAT is printed, as whoever tunes this will want to know it. That
   * a second STAT looks at no file is in MaildirTest.
   */
  private static Set<String> session(int port, String password) throws Exception {
    long start = System.nanoTime();
    try (var client = Pop3Client.login(port, JOE, password)) {
      String size = COUNT + " " + (long) COUNT * TEXT.length();
      assertEquals("+OK " + size, client.command("STAT"));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      System.out.println("login and STAT of " + COUNT + " messages: " + millis + " ms");
      Set<String> ids = new HashSet<>();
      assertEquals("+OK ", client.command("UIDL"));
      for (String line = client.line(); !line.equals("."); line = client.line()) {
        ids.add(line.substring(line.indexOf(' ') + 1));
      }
      assertEquals("+OK ", client.command("TOP " + COUNT + " 0"));
      assertEquals("Subject: x", client.line());
      while (!client.line().equals(".")) {
        // The rest of the header.
      }
      assertEquals("+OK ", client.command("QUIT"));
      return ids;
    }
  }
}
