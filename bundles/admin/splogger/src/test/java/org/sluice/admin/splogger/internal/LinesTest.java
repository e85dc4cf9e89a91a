package org.sluice.admin.splogger.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private long micros = 1_795_408_001_000_000L;
  private final List<String> sent = new ArrayList<>();
  private final Lines lines =
      new Lines(
          () -> Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000 + 999),
          (priority, text) -> sent.add(priority + ":" + text));

  private void take(String text) throws InterruptedException {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    lines.take(octets, octets.length);
  }

  /** When the first piece is sent, not when the line begins; the same for the others. */
  @Test
  void theStampIsThatOfTheFirstPiece() throws InterruptedException {
    take("alert: a");
    micros += 5;
    take("b\n");
    assertEquals(List.of("1:1795408001.000005 alert: ab"), sent);
    sent.clear();
    String x = "x".repeat(799);
    take(x);
    micros += 1_234_567;
    take("y");
    micros += 1;
    take(x);
    micros += 1;
    take("\nz\n");
    assertEquals(
        List.of(
            "6:1795408002.234572 " + x,
            "6:1795408002.234572+y" + x.substring(1),
            "6:1795408002.234572+x",
            "6:1795408002.234574 z"),
        sent);
  }

  @Test
  void whatIsBehindTheCountIsNotRead() throws InterruptedException {
    lines.take(new byte[] {'a', '\n', 'b', '\n'}, 2);
    assertEquals(1, sent.size());
  }
}
