package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;

/**
 * As many deliveries of each channel run at once as its control file says, and no more (spec 10
 * sections 4.3 and 6.5): told by what is in the transports, and by the {@code status:} lines.
 */
class ConcurrencyTest extends BenchTest {
  private static final int RECIPIENTS = 10;
  private static final List<Channel> BOTH = List.of(Channel.LOCAL, Channel.REMOTE);

  /** How many are in a channel's transport, and the most that ever were. */
  private static final class Inside {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    Transport count(Transport transport) {
      return attempt -> {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
          return transport.deliver(attempt);
        } finally {
          now.decrementAndGet();
        }
      };
    }
  }

  private final Map<Channel, Inside> inside = new EnumMap<>(Channel.class);

  private final List<String> delivered = new ArrayList<>();

  @Override
  void prepare() throws IOException {
    limits(3, 2);
  }

  private void limits(int local, int remote) throws IOException {
    control("concurrencylocal", local + "\n");
    control("concurrencyremote", remote + "\n");
  }

  @Override
  void connect() {
    for (Channel channel : BOTH) {
      var counted = inside.computeIfAbsent(channel, c -> new Inside());
      bench.scheduler.bindTransport(
          counted.count(bench.channel(channel)), Map.of(Transport.CHANNEL, name(channel)));
    }
  }

  private static String name(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  /** Ten recipients on each channel. */
  private void submit(int messages) throws Exception {
    int each = RECIPIENTS / messages;
    for (int message = 0; message < messages; message++) {
      String[] to = new String[2 * each];
      for (int i = 0; i < each; i++) {
        to[2 * i] = "u" + message + "." + i + "@here.example";
        to[2 * i + 1] = "u" + message + "." + i + "@far.example";
      }
      bench.submit("", List.of(to), "Subject: x\n\nx\n");
    }
    bench.settle();
  }

  private List<Bench.Open> open(Channel channel) {
    return bench.open().stream().filter(open -> open.channel == channel).toList();
  }

  /** Ends the delivery of a channel that has run longest, and sees what begins instead. */
  private void answer(Channel channel) throws Exception {
    Bench.Open first = open(channel).get(0);
    delivered.add(first.attempt.recipient());
    first.answer(new DeliveryResult.Delivered("ok\n"));
    bench.settle();
  }

  /** The queue reads both files anew whenever something happens. */
  private void change(int local, int remote) throws Exception {
    limits(local, remote);
    bench.await(
        LIMIT, () -> number("concurrencylocal") == local && number("concurrencyremote") == remote);
    bench.queue.bindStore(bench.store); // wakes it
    bench.settle();
  }

  private long number(String name) {
    try {
      return bench.queue.control().number(name, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRunning(int local, int remote) {
    assertEquals(List.of(local, remote), BOTH.stream().map(c -> open(c).size()).toList());
  }

  private void assertNeverMore(int local, int remote) {
    assertEquals(List.of(local, remote), BOTH.stream().map(c -> inside.get(c).most.get()).toList());
  }

  /** The most that the log has counted under each limit. */
  private Map<Integer, Integer> counted(Channel channel) {
    var most = new TreeMap<Integer, Integer>();
    var count = Pattern.compile("status: .*" + name(channel) + " (\\d+)/(\\d+).*");
    for (String line : bench.log()) {
      var matcher = count.matcher(line);
      if (matcher.matches()) {
        int busy = Integer.parseInt(matcher.group(1));
        most.merge(Integer.parseInt(matcher.group(2)), busy, Math::max);
      }
    }
    return most;
  }

  private long started() {
    return bench.log().stream().filter(line -> line.startsWith("starting delivery ")).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10})
  void asManyRunAsTheControlFilesSay(int messages) throws Exception {
    submit(messages);
    assertRunning(3, 2);
    assertEquals(5, started());
    for (int ended = 1; ended <= 2; ended++) {
      answer(Channel.LOCAL);
      assertRunning(3, 2);
      answer(Channel.REMOTE);
      assertRunning(3, 2);
      assertEquals(5 + 2 * ended, started());
    }
    assertNeverMore(3, 2);
    change(5, 4);
    assertRunning(5, 4);
    assertEquals(13, started());
    assertNeverMore(5, 4);
    assertEquals(Map.of(3, 3, 5, 5), counted(Channel.LOCAL));
    assertEquals(Map.of(2, 2, 4, 4), counted(Channel.REMOTE));
    change(4, 3);
    assertRunning(5, 4); // what runs goes on
    for (int ended = 0; ended < 2; ended++) {
      answer(Channel.LOCAL);
      answer(Channel.REMOTE);
      assertRunning(4, 3);
      assertEquals(13 + 2 * ended, started());
    }
    for (Channel channel : BOTH) {
      while (!open(channel).isEmpty()) {
        answer(channel);
      }
    }
    assertNeverMore(5, 4);
    assertEquals(2 * RECIPIENTS, delivered.size(), "each once: " + delivered);
    assertEquals(2 * RECIPIENTS, new HashSet<>(delivered).size(), "each once: " + delivered);
    assertEquals(0, bench.store.statistics().messages());
  }
}
