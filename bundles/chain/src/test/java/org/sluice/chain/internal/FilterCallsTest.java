package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.testkit.BrokenMessage;

/**
 * Calls that hang, are left behind or keep what was theirs: nothing piles up, nothing stays open.
 */
class FilterCallsTest {
  private static final String MAIL = "A: b\n\nx\n";

  @TempDir Path spool;
  private Bench bench;

  @BeforeEach
  void open() {
    Misdeed.OVER.set(false);
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    Misdeed.OVER.set(true);
    bench.close();
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  @Test
  void callsThatHangDoNotPileUp() throws Exception {
    var stuck =
        bench.add(
            "bad",
            Misdeed.IGNORES_INTERRUPTS,
            FilterProperties.TIMEOUT,
            Misdeed.IGNORES_INTERRUPTS.limit("0.5"),
            FilterProperties.CONCURRENCY,
            "3",
            FilterProperties.BREAKER,
            "off");
    List<Thread> senders = new ArrayList<>();
    Queue<Object> answers = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 20; i++) {
      var sender =
          new Thread(
              () -> {
                try {
                  answers.add(bench.send(MAIL).filtered().verdict());
                } catch (Exception e) {
                  answers.add(e);
                }
              });
      sender.start();
      senders.add(sender);
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(20, answers.size());
    answers.forEach(answer -> assertInstanceOf(Verdict.TempFail.class, answer));
    assertEquals(3, bench.chain.present().filters().get(0).running());
    assertEquals(3, threads("filter-bad-"), "no thread beyond the limit");
    Misdeed.OVER.set(true);
    Bench.await("the places are free again", () -> threadsBusy() == 0);
    stuck.remove();
  }

  private int threadsBusy() {
    return bench.chain.present().filters().get(0).running();
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith(prefix))
        .count();
  }

  @Test
  void waitsForAPlaceWithinTheLimit() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    MessageFilter slow =
        (transaction, message, edits) -> {
          entered.countDown();
          go.await();
          return Verdict.next();
        };
    bench.add("slow", slow, FilterProperties.CONCURRENCY, 1);
    Queue<Object> answers = new ConcurrentLinkedQueue<>();
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      var sender = new Thread(() -> answers.add(sent()));
      sender.start();
      senders.add(sender);
    }
    entered.await();
    go.countDown();
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(List.of(Verdict.next(), Verdict.next(), Verdict.next()), List.copyOf(answers));
  }

  private Object sent() {
    try {
      return bench.send(MAIL).filtered().verdict();
    } catch (Exception e) {
      return e;
    }
  }

  /** A message whose streams are watched. */
  private static final class Watched implements MessageSource {
    final AtomicInteger open = new AtomicInteger();

    @Override
    public long size() {
      return MAIL.length();
    }

    @Override
    public InputStream open() throws IOException {
      open.incrementAndGet();
      return new java.io.FilterInputStream(Bench.message(MAIL).open()) {
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public void close() throws IOException {
          if (closed.compareAndSet(false, true)) {
            open.decrementAndGet();
          }
          super.close();
        }
      };
    }

    @Override
    public Header header() throws IOException {
      return Bench.message(MAIL).header();
    }
  }

  @Test
  void whatAFilterKeepsFailsAfterTheCall() throws Exception {
    var keptMessage = new AtomicReference<MessageSource>();
    var keptEdits = new AtomicReference<MessageEdits>();
    List<InputStream> leaked = new ArrayList<>();
    MessageFilter keeper =
        (transaction, message, edits) -> {
          keptMessage.set(message);
          keptEdits.set(edits);
          try {
            leaked.add(message.open());
            leaked.add(message.open());
            leaked.get(0).read();
          } catch (IOException e) {
            throw new FilterException("open", e);
          }
          return Verdict.next();
        };
    bench.add("keeper", keeper);
    var watched = new Watched();
    try (var pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      assertEquals(Verdict.next(), pass.message(watched).verdict());
      assertEquals(0, watched.open.get(), "streams left open");
      leaked.forEach(stream -> assertThrows(IOException.class, stream::read));
      leaked.forEach(stream -> assertThrows(IOException.class, () -> stream.skip(1)));
      assertThrows(IOException.class, keptMessage.get()::open);
      assertThrows(IOException.class, keptMessage.get()::header);
      assertThrows(IllegalStateException.class, keptMessage.get()::size);
      assertThrows(IllegalStateException.class, () -> keptEdits.get().addHeader("X", "1"));
    }
  }

  @Test
  void oneThatWasLeftBehindCannotGoOnWithTheMessage() throws Exception {
    var late = new AtomicReference<Object>();
    var goOn = new CountDownLatch(1);
    MessageFilter sleeper =
        (transaction, message, edits) -> {
          try (InputStream in = message.open()) {
            while (true) {
              try {
                goOn.await();
                break;
              } catch (InterruptedException e) {
                Thread.interrupted(); // it does not care
              }
            }
            late.set(in.read());
          } catch (IOException e) {
            late.set(e);
          }
          edits.addHeader("Late", "1");
          return Verdict.next();
        };
    bench.add(
        "late", sleeper, FilterProperties.TIMEOUT, "0.1", FilterProperties.ON_FAILURE, "accept");
    var watched = new Watched();
    try (var pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      var filtered = pass.message(watched);
      assertEquals(Verdict.next(), filtered.verdict());
      assertEquals(0, watched.open.get(), "its stream is closed although it still runs");
      goOn.countDown();
      Bench.await("it went on", () -> late.get() != null && threadsBusy() == 0);
      assertInstanceOf(IOException.class, late.get());
      assertTrue(filtered.replacement().isEmpty());
    }
  }

  @Test
  void whatCannotBeReadIsNotTheFiltersFault() throws Exception {
    MessageFilter reader =
        (transaction, message, edits) -> {
          try (InputStream in = message.open()) {
            in.readAllBytes();
          } catch (IOException e) {
            throw new FilterException("cannot read", e);
          }
          return Verdict.next();
        };
    bench.add(
        "r", reader, FilterProperties.ON_FAILURE, "reject", FilterProperties.BREAKER, "1/60s");
    for (int i = 0; i < 2; i++) {
      try (var pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
        assertInstanceOf(Verdict.TempFail.class, pass.message(new BrokenMessage()).verdict());
      }
    }
    assertEquals(Verdict.next(), bench.send(MAIL).filtered().verdict(), "the breaker is closed");
  }

  @Test
  void aSessionThatIsInterruptedLeavesNothingBehind() throws Exception {
    var entered = new CountDownLatch(1);
    MessageFilter slow =
        (transaction, message, edits) -> {
          edits.replaceBody(
              out -> {
                out.write(new byte[100_000]); // it has a file now
                entered.countDown();
                while (!Misdeed.OVER.get()) {
                  LockSupport.parkNanos(1_000_000); // ignores its interrupt for a while
                }
              });
          return Verdict.next();
        };
    bench.add("slow", slow);
    var outcome = new AtomicReference<Object>();
    var session = new Thread(() -> outcome.set(sent()));
    session.start();
    entered.await();
    session.interrupt();
    session.join();
    assertInstanceOf(InterruptedException.class, outcome.get());
    Misdeed.OVER.set(true);
    Bench.await("its file is gone", () -> spool.toFile().list().length == 0);
    Bench.await("its place is free", () -> threadsBusy() == 0);
  }
}
