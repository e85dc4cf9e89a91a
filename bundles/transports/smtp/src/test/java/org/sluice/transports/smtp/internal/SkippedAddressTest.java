package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.DeafServer;
import org.sluice.testkit.FakeControl;

/** What attempts do to the table of timeouts, and it to them, with real connections. */
class SkippedAddressTest {
  private static final String NO_CONNECTION = "(#4.4.1)";

  @TempDir Path home;
  private Path file;

  @BeforeEach
  void table() throws IOException {
    file = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
    Files.write(file, new byte[1024]);
  }

  /** Makes the first record one of 127.0.0.2. */
  private void record(int count, long secondsAgo) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {127, 0, 0, 2, (byte) count});
    bytes.putInt(8, (int) (Instant.now().getEpochSecond() - secondsAgo));
    Files.write(file, bytes.array());
  }

  private String record() throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(file), 0, 5);
  }

  private String send(int port, String addresses) throws IOException {
    var files = Map.of("me", "me.x", "smtproutes", ":mail.x:" + port, "timeoutconnect", "1");
    var dns = new FakeDns().a("mail.x", addresses);
    var client = new SmtpClient(new FakeControl(home, files), dns, FakeDns::own, true);
    try {
      var mail = new Mail("r.x", "s@s.x", List.of("r@r.x"), 0, InputStream::nullInputStream);
      return client.send(mail, false).toString();
    } finally {
      client.close();
    }
  }

  @Test
  void aTimeoutIsRecordedAndTheNextAddressTried() throws Exception {
    try (var deaf = new DeafServer("127.0.0.2");
        var sink = new SinkServer(-1, "127.0.0.3", deaf.port())) {
      String report = send(deaf.port(), "127.0.0.2 127.0.0.3");
      assertEquals('r', report.charAt(0), report);
      assertEquals("7f00000201", record());
      assertEquals(1, sink.messages.get());
    }
  }

  @Test
  void whatTimedOutTwiceIsNotTriedAgainSoon() throws Exception {
    record(2, 200); // so long ago that another time-out would count
    try (var sink = new SinkServer(-1, "127.0.0.2", 0);
        var second = new SinkServer(-1, "127.0.0.3", sink.port())) {
      String report = send(sink.port(), "127.0.0.2");
      assertTrue(report.contains(NO_CONNECTION), report);
      report = send(sink.port(), "127.0.0.2 127.0.0.3");
      assertEquals('r', report.charAt(0), report);
      assertEquals(1, second.messages.get());
      assertEquals(0, sink.connections.get());
      assertEquals("7f00000202", record());
      record(2, 5830);
      send(sink.port(), "127.0.0.2");
      assertEquals(1, sink.connections.get());
      assertEquals("7f00000200", record());
    }
  }

  @Test
  void aRefusalIsAnAnswer() throws Exception {
    int port;
    try (var sink = new SinkServer(-1, "127.0.0.2", 0)) {
      port = sink.port();
    }
    record(1, 10);
    String report = send(port, "127.0.0.2");
    assertTrue(report.contains(NO_CONNECTION), report);
    assertEquals("7f00000200", record());
  }
}
