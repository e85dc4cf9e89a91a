package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.ReversePath;

/** Filters come and go while transactions run. */
class SwapTest {
  private static final String MAIL = "A: b\n\nx\n";
  @TempDir Path spool;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    bench.close();
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  private static MessageFilter stamp(String version) {
    return (transaction, message, edits) -> {
      edits.addHeader("Version", version);
      return Verdict.next();
    };
  }

  private static Verdict end(FilterPass pass) throws InterruptedException {
    return pass.message(Bench.message(MAIL)).verdict();
  }

  private static void replaced(Verdict verdict) {
    var reply = assertInstanceOf(Verdict.TempFail.class, verdict).reply();
    assertEquals(451, reply.code());
    assertEquals("4.3.2", reply.status().orElseThrow().toString());
  }

  private FilterPass begin() {
    return bench.chain.begin(Bench.session(), Bench.FROM);
  }

  @Test
  void aTransactionKeepsTheFiltersThatItBeganWith() throws Exception {
    try (FilterPass before = begin()) {
      bench.add("new", stamp("1"));
      assertTrue(before.message(Bench.message(MAIL)).replacement().isEmpty());
    }
    assertEquals("Version: 1\n" + MAIL, bench.send(MAIL).text());
  }

  /** Removes on a thread of its own. */
  private Thread removing(Bench.Registered filter) {
    var remover = new Thread(filter::remove, "remover");
    remover.start();
    Bench.await("the next generation is there", () -> bench.chain.present().filters().isEmpty());
    return remover;
  }

  @Test
  void removalWaitsForTheTransactionsThatHaveIt() throws Exception {
    var old = bench.add("old", stamp("1"));
    Thread remover;
    try (FilterPass pass = begin()) {
      remover = removing(old);
      remover.join(50);
      assertTrue(remover.isAlive(), "it is still used");
      var changed = pass.message(Bench.message(MAIL)).replacement().orElseThrow();
      assertEquals("Version: 1\n" + MAIL, Bench.text(changed));
      remover.join(50);
      assertTrue(remover.isAlive(), "the message is not queued yet");
    }
    remover.join();
  }

  @Test
  void removalDoesNotWaitForOthers() throws Exception {
    try (FilterPass before = begin()) {
      var filter = bench.add("f", stamp("1"));
      filter.remove(); // returns although a transaction without it runs
      assertEquals(Verdict.next(), end(before));
    }
  }

  @Test
  void whenTheTimeIsUpTheTransactionIsToldToComeBack() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    var filter = bench.add("f", stamp("1"));
    try (FilterPass pass = begin()) {
      filter.remove();
      replaced(end(pass));
    }
  }

  @Test
  void aCallUnderWayIsInterruptedWhenTheTimeIsUp() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    var entered = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    MessageFilter hangs =
        (transaction, message, edits) -> {
          entered.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return Verdict.next();
        };
    var filter = bench.add("f", hangs, FilterProperties.ON_FAILURE, "reject");
    var answer = new AtomicReference<Object>();
    var session = new Thread(() -> answer.set(send()));
    session.start();
    entered.await();
    filter.remove();
    assertEquals(0, interrupted.getCount(), "the call has ended when removal returns");
    session.join();
    replaced((Verdict) answer.get());
  }

  private Object send() {
    try {
      return bench.send(MAIL).filtered().verdict();
    } catch (Exception e) {
      return e;
    }
  }

  @Test
  void waitingForAPlaceEndsWithTheFilter() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    var entered = new CountDownLatch(1);
    MessageFilter hangs =
        (transaction, message, edits) -> {
          entered.countDown();
          new CountDownLatch(1).await();
          return Verdict.next();
        };
    var filter = bench.add("f", hangs, FilterProperties.CONCURRENCY, 1);
    Queue<Object> answers = new ConcurrentLinkedQueue<>();
    List<Thread> sessions = new ArrayList<>();
    var begun = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      var session = new Thread(() -> answers.add(sendOnceBegun(begun)));
      session.start();
      sessions.add(session);
    }
    begun.await(); // one that begins after the removal does not have the filter at all
    entered.await();
    filter.remove();
    for (Thread session : sessions) {
      session.join();
    }
    answers.forEach(answer -> replaced((Verdict) answer));
    assertEquals(3, answers.size());
  }

  private Object sendOnceBegun(CountDownLatch begun) {
    try (FilterPass pass = begin()) {
      begun.countDown();
      return end(pass);
    } catch (Exception e) {
      return e;
    }
  }

  @Test
  void aShadowFilterThatGoesDisturbsNobody() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    var filter = bench.add("f", stamp("1"), FilterProperties.MODE, "shadow");
    try (FilterPass pass = begin()) {
      filter.remove();
      assertEquals(Verdict.next(), end(pass));
    }
  }

  @Test
  void oneThatComesBackIsANewOne() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    MessageFilter same = stamp("1");
    var first = bench.add("f", same);
    try (FilterPass pass = begin()) {
      first.remove();
      bench.add("f", same);
      replaced(end(pass)); // this transaction had the one that went
    }
    assertEquals("Version: 1\n" + MAIL, bench.send(MAIL).text());
  }

  @Test
  void newPropertiesAndANewConfigurationLeaveTransactionsAlone() throws Exception {
    var filter = bench.add("f", stamp("1"));
    Thread remover;
    try (FilterPass pass = begin()) {
      filter.set(FilterProperties.MODE, "shadow");
      bench.chain.configure(Bench.settings(List.of("other"), List.of("other"), 30));
      assertTrue(pass.message(Bench.message(MAIL)).replacement().isPresent());
      remover = removing(filter);
      remover.join(50);
      assertTrue(remover.isAlive(), "used with its earlier properties");
    }
    remover.join();
  }

  @Test
  void aFilterThatRemovesItselfInItsCallIsNotWaitedForForEver() throws Exception {
    bench.chain.configure(Bench.settings(List.of(), List.of(), 0));
    var itself = new AtomicReference<Bench.Registered>();
    MessageFilter suicidal =
        (transaction, message, edits) -> {
          itself.get().remove();
          return Verdict.next();
        };
    itself.set(bench.add("f", suicidal));
    replaced((Verdict) send());
    assertEquals(Verdict.next(), send());
  }

  @Test
  void theRemoversInterruptIsKept() throws Exception {
    var filter = bench.add("f", stamp("1"));
    try (FilterPass pass = begin()) {
      Thread.currentThread().interrupt();
      filter.remove();
      assertTrue(Thread.interrupted());
      replaced(end(pass));
    }
  }

  @Test
  void theChainItselfLetsTransactionsEnd() throws Exception {
    bench.add("f", stamp("1"));
    var closer = new Thread(bench.chain::close, "closer");
    try (FilterPass pass = begin()) {
      closer.start();
      closer.join(50);
      assertTrue(closer.isAlive());
      assertTrue(pass.message(Bench.message(MAIL)).replacement().isPresent());
    }
    closer.join();
    try (FilterPass late = begin()) { // a listener that has not heard of it yet
      replaced(end(late));
    }
  }

  @Test
  void whenAllStopsNobodyIsWaitedForLong() throws Exception {
    bench.stopping.set(true);
    bench.chain.configure(Bench.settings(List.of(), List.of(), 100_000));
    var filter = bench.add("f", stamp("1"));
    try (FilterPass pass = begin()) {
      filter.remove(); // would hang for a day
      replaced(end(pass));
    }
  }

  @Test
  void connectionsArePinnedForTheCallOnly() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    ConnectFilter counts =
        session -> {
          calls.incrementAndGet();
          return Verdict.next();
        };
    var filter = bench.add("c", counts);
    bench.chain.connect(Bench.session());
    filter.remove();
    bench.chain.connect(Bench.session());
    assertEquals(1, calls.get());
  }

  /** Two stages that must be of one version, and a flag that says that it may not be called. */
  private static final class Versioned implements SenderFilter, MessageFilter {
    private final String version;
    private final Queue<String> trouble;
    final AtomicBoolean gone = new AtomicBoolean();
    final AtomicInteger inside = new AtomicInteger();

    Versioned(String version, Queue<String> trouble) {
      this.version = version;
      this.trouble = trouble;
    }

    private Verdict call(String stage) {
      inside.incrementAndGet();
      if (gone.get()) {
        trouble.add(version + " was called at " + stage + " after its removal had returned");
      }
      inside.decrementAndGet();
      return Verdict.next();
    }

    @Override
    public Verdict sender(MailTransaction transaction, ReversePath sender) {
      transaction.attributes().put("version", version);
      return call("sender");
    }

    @Override
    public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits) {
      Object first = transaction.attributes().get("version");
      if (!version.equals(first)) {
        trouble.add("sender by " + first + ", message by " + version);
      }
      edits.addHeader("Version", version);
      return call("message");
    }
  }

  @Test
  void manySessionsWhileVersionsComeAndGo() throws Exception {
    bench.chain.configure(Bench.settings(List.of("v"), List.of(), 30));
    Queue<String> trouble = new ConcurrentLinkedQueue<>();
    var over = new AtomicBoolean();
    var accepted = new AtomicInteger();
    List<Thread> sessions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      var session = new Thread(() -> sessions(over, accepted, trouble), "session" + i);
      session.start();
      sessions.add(session);
    }
    for (int version = 0; version < 300; version++) {
      var filter = new Versioned("v" + version, trouble);
      var registered = bench.add("v", filter);
      if (version % 3 == 0) {
        registered.set("service.ranking", version);
      }
      int target = accepted.get() + ThreadLocalRandom.current().nextInt(20);
      Bench.await("mail flows", () -> accepted.get() >= target);
      registered.remove();
      filter.gone.set(true);
      assertEquals(0, filter.inside.get(), "somebody is inside after removal");
    }
    over.set(true);
    for (Thread session : sessions) {
      session.join();
    }
    assertEquals(List.of(), List.copyOf(trouble));
  }

  private void sessions(AtomicBoolean over, AtomicInteger accepted, Queue<String> trouble) {
    try {
      while (!over.get()) {
        var verdicts = new ArrayList<Verdict>();
        String text = "";
        try (FilterPass pass = begin()) {
          verdicts.add(pass.sender());
          verdicts.add(pass.recipient(Bench.TO));
          var filtered = pass.message(Bench.message(MAIL));
          verdicts.add(filtered.verdict());
          text = filtered.replacement().isPresent() ? Bench.text(filtered.replacement().get()) : "";
        }
        if (verdicts.stream().allMatch(Verdict.next()::equals)) {
          accepted.incrementAndGet();
          if (text.split("Version: ", -1).length != 2) {
            trouble.add("not exactly one version: " + text);
          }
        } else if (verdicts.stream()
            .anyMatch(v -> !(v instanceof Verdict.TempFail) && !v.equals(Verdict.next()))) {
          trouble.add(verdicts.toString());
        } else {
          LockSupport.parkNanos(100_000); // as a client that comes again later
        }
      }
    } catch (Exception e) {
      trouble.add(e.toString());
    }
    assertFalse(Thread.currentThread().isInterrupted());
  }
}
