package org.sluice.admin.qread.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.QueueEntry;
import org.sluice.testkit.ShownStore;
import org.sluice.testkit.TestContext;

/** Very many messages, and a message to very many: neither is collected before it is printed. */
class LargeQueueTest {
  private static final long MESSAGES = 200_000;
  private static final int RECIPIENTS = 200_000;
  private final AtomicLong asked = new AtomicLong();
  private final Sources sources = new Sources();
  private final QreadProgram program = new QreadProgram(sources);

  /** Counts lines, and how many messages the store was ahead of them. */
  private final class Reading extends ByteArrayOutputStream {
    private long lines;
    private long calls;
    private long ahead;

    @Override
    public void write(byte[] octets, int from, int length) {
      calls++;
      for (int i = from; i < from + length; i++) {
        lines += octets[i] == '\n' ? 1 : 0;
      }
      ahead = Math.max(ahead, asked.get() - lines / 2);
    }
  }

  private Reading list(ShownStore store) throws Exception {
    sources.bindStore(store);
    var reading = new Reading();
    assertEquals(0, program.run(new TestContext(List.of()).output(1, reading)));
    return reading;
  }

  @Test
  void aLargeQueue() throws Exception {
    var store =
        new ShownStore(MESSAGES) {
          @Override
          public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
            return LongStream.rangeClosed(1, MESSAGES)
                .peek(id -> asked.incrementAndGet())
                .mapToObj(
                    id ->
                        new Queued(id, 100, "2026-01-05T00:00:09Z", "s@x")
                            .waits("remote a" + id + "@r.example")
                            .entry());
          }
        };
    var reading = list(store);
    assertEquals(2 * MESSAGES, reading.lines);
    assertTrue(reading.ahead < 1_000, "messages that were kept: " + reading.ahead);
    assertTrue(reading.calls < MESSAGES / 50, "writes: " + reading.calls);
  }

  @Test
  void aMessageToVeryMany() throws Exception {
    var message = new Queued(1, 100, "2026-01-05T00:00:09Z", "s@x");
    for (int i = 0; i < RECIPIENTS; i++) {
      message.waits("remote a" + i + "@r.example");
    }
    var store =
        new ShownStore(1) {
          @Override
          public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
            return Stream.of(message.entry());
          }
        };
    assertEquals(1 + RECIPIENTS, list(store).lines);
  }
}
