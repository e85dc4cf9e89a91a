package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.transports.smtp.internal.ConnectTimeouts.Advice;

/** The table's rules (spec 30 section 3.5). */
class ConnectTimeoutsTest {
  @TempDir Path home;
  private long now = 1_000_000_000L;

  private String first() throws Exception {
    byte[] bytes = Files.readAllBytes(home.resolve("queue/lock/tcpto"));
    assertEquals(1024, bytes.length);
    return HexFormat.of().formatHex(bytes, 0, 16);
  }

  @Test
  void countsWaitsAndForgets() throws Exception {
    InetAddress a = AddressLiteral.parse("127.0.0.2").orElseThrow();
    var table = new ConnectTimeouts(home, () -> Instant.ofEpochSecond(now));
    assertEquals(Advice.TRY, table.ask(a));
    table.clear();
    table.timedOut(a);
    assertEquals("7f0000020100000000ca9a3b00000000", first());
    now += 2;
    table.timedOut(a);
    assertEquals("7f0000020100000000ca9a3b00000000", first());
    assertEquals(Advice.TRY_KNOWN, table.ask(a));
    now += 128;
    table.timedOut(a);
    assertEquals("7f0000020200000082ca9a3b00000000", first());
    now += 3830;
    assertEquals(Advice.SKIP, table.ask(a));
    now += 2000;
    assertEquals(Advice.TRY_KNOWN, table.ask(a));
    table.answered(a, Advice.TRY_KNOWN);
    assertEquals("7f0000020000000082ca9a3b00000000", first());
  }
}
