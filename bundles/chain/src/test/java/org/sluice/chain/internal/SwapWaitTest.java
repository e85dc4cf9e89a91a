package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;

/** Transactions that begin while a filter is replaced wait for the new one, and for no other. */
class SwapWaitTest {
  private static final String MAIL = "A: b\n\nx\n";

  /** Longer than any test: who waits so long waits for something else. */
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path spool;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = bench(LONG);
  }

  private Bench bench(Duration grace) {
    var settings = Bench.settings(List.of(), List.of(), LONG.toSeconds());
    return new Bench(new SpoolDirectory(spool), settings, grace);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static MessageFilter stamp(String version) {
    return (transaction, message, edits) -> {
      edits.addHeader("Version", version);
      return Verdict.next();
    };
  }

  private FilterPass begin() {
    return bench.chain.begin(Bench.session(), Bench.FROM);
  }

  /** A whole transaction on a thread of its own. */
  private final class Sender {
    final CompletableFuture<Bench.Result> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    final Thread thread = new Thread(this::run, "sender");

    Sender() {
      thread.start();
    }

    private void run() {
      try {
        result.complete(bench.send(MAIL));
      } catch (Exception e) {
        result.completeExceptionally(e);
      }
      interrupted.complete(Thread.currentThread().isInterrupted());
    }

    Sender waits() {
      Bench.await(
          "it waits or has ended",
          () -> result.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
      assertTrue(!result.isDone(), "it does not wait");
      return this;
    }

    String text() throws Exception {
      return result.get(60, TimeUnit.SECONDS).text();
    }

    void refused() throws Exception {
      var verdict = result.get(60, TimeUnit.SECONDS).filtered().verdict();
      var reply = assertInstanceOf(Verdict.TempFail.class, verdict).reply();
      assertEquals(451, reply.code());
      assertEquals("4.3.2", reply.status().orElseThrow().toString());
    }
  }

  /** Removes on a thread of its own; returns when new transactions are without the filter. */
  private Thread removing(Bench.Registered filter) {
    int before = bench.chain.present().filters().size();
    var remover = new Thread(filter::remove, "remover");
    remover.start();
    Bench.await("published", () -> bench.chain.present().filters().size() < before);
    return remover;
  }

  @Test
  void newTransactionsGetTheNewFilter() throws Exception {
    var old = bench.add("f", stamp("1"));
    Sender sender;
    Thread remover;
    try (FilterPass pass = begin()) {
      remover = removing(old);
      sender = new Sender().waits();
      var changed = pass.message(Bench.message(MAIL)).replacement().orElseThrow();
      assertEquals("Version: 1\n" + MAIL, Bench.text(changed));
    }
    remover.join();
    sender.waits();
    bench.add("other", stamp("x"), FilterProperties.PROTOCOLS, "qmtp");
    sender.waits();
    bench.add("f", stamp("2"));
    assertEquals("Version: 2\n" + MAIL, sender.text());
    assertEquals("Version: 2\n" + MAIL, bench.send(MAIL).text(), "nobody waits any more");
  }

  @Test
  void oneThatBeginsAfterTheLastTransactionHasEndedWaitsToo() throws Exception {
    bench.add("f", stamp("1")).remove();
    Sender sender = new Sender().waits();
    bench.add("f", stamp("2"));
    assertEquals("Version: 2\n" + MAIL, sender.text());
  }

  @Test
  void withoutASuccessorTheyGoOn() throws Exception {
    bench.close();
    bench = bench(Duration.ofMillis(200));
    var old = bench.add("f", stamp("1"));
    Sender sender;
    Thread remover;
    try (FilterPass pass = begin()) {
      remover = removing(old);
      sender = new Sender().waits();
      assertEquals(Verdict.next(), pass.sender());
    }
    assertEquals(MAIL, sender.text());
    remover.join();
    assertEquals(MAIL, bench.send(MAIL).text());
  }

  @Test
  void nobodyWaitsForOneThatDoesNotConcernIt() throws Exception {
    ConnectFilter connect = session -> Verdict.next();
    List<Bench.Registered> strangers =
        List.of(
            bench.add("shadow", stamp("s"), FilterProperties.MODE, "shadow"),
            bench.add("qmtp", stamp("q"), FilterProperties.PROTOCOLS, "qmtp"),
            bench.add("connect", connect));
    strangers.forEach(Bench.Registered::remove);
    assertEquals(MAIL, new Sender().text());
  }

  @Test
  void oneThatStandsByTakesOverAtOnce() throws Exception {
    var old = bench.add("f", stamp("1"), "service.ranking", 5);
    bench.add("f", stamp("2"));
    Thread remover;
    try (FilterPass pass = begin()) {
      remover = removing(old);
      assertEquals("Version: 2\n" + MAIL, new Sender().text());
      assertEquals(Verdict.next(), pass.sender());
    }
    remover.join();
  }

  @Test
  void aTrialOfTheSameNameIsNoSuccessor() throws Exception {
    var old = bench.add("f", stamp("1"), "service.ranking", 5);
    bench.add("f", stamp("t"), FilterProperties.MODE, "shadow");
    old.remove();
    Sender sender = new Sender().waits();
    bench.add("f", stamp("2"), "service.ranking", 5);
    assertEquals("Version: 2\n" + MAIL, sender.text());
  }

  @Test
  void aSuccessorInShadowModeIsOne() throws Exception {
    bench.add("f", stamp("1")).remove();
    Sender sender = new Sender().waits();
    bench.add("f", stamp("2"), FilterProperties.MODE, "shadow");
    assertEquals(MAIL, sender.text());
  }

  @Test
  void anInterruptEndsTheWaitAndNoMailPasses() throws Exception {
    bench.add("f", stamp("1")).remove();
    Sender sender = new Sender().waits();
    sender.thread.interrupt();
    sender.refused();
    assertTrue(sender.interrupted.get(60, TimeUnit.SECONDS), "the interrupt is kept");
  }

  @Test
  void whenAllStopsNobodyWaitsAndNoMailPasses() throws Exception {
    bench.add("f", stamp("1")).remove();
    Sender sender = new Sender().waits();
    bench.stopping.set(true);
    sender.refused();
    new Sender().refused();
  }

  @Test
  void aFilterThatGoesBecauseAllStopsIsMissedToTheEnd() throws Exception {
    bench.close();
    bench = bench(Duration.ZERO);
    bench.stopping.set(true);
    bench.add("f", stamp("1")).remove();
    new Sender().refused();
  }

  @Test
  void theChainsOwnEndEndsTheWait() throws Exception {
    bench.add("f", stamp("1")).remove();
    Sender sender = new Sender().waits();
    bench.chain.close();
    sender.refused();
  }
}
