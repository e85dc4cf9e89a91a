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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;
import org.sluice.testkit.BrokenMessage;

/** Whatever a filter does, mail is answered as configured and the next transaction works. */
class MisbehaviourTest {
  private static final String MAIL = "A: b\n\nx\n";

  /** Ends the calls that ignore their interrupts, after each test. */
  private static final AtomicBoolean OVER = new AtomicBoolean();

  @TempDir Path spool;
  private Bench bench;

  @BeforeEach
  void open() {
    OVER.set(false);
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    OVER.set(true);
    bench.close();
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  /** All with a change that must not be used. */
  enum Misdeed implements MessageFilter {
    CHECKED {
      @Override
      Verdict act(MessageEdits edits) throws FilterException {
        throw new FilterException("checked");
      }
    },
    UNCHECKED {
      @Override
      Verdict act(MessageEdits edits) {
        throw new IllegalStateException("unchecked");
      }
    },
    STACK_OVERFLOW {
      @Override
      Verdict act(MessageEdits edits) throws FilterException {
        return act(edits);
      }
    },
    MISSING_CLASS {
      @Override
      Verdict act(MessageEdits edits) {
        throw new NoClassDefFoundError("org/example/Gone");
      }
    },
    INTERRUPTED_BY_ITSELF {
      @Override
      Verdict act(MessageEdits edits) throws InterruptedException {
        throw new InterruptedException();
      }
    },
    NULL {
      @Override
      Verdict act(MessageEdits edits) {
        return null;
      }
    },
    WRONG_CODE {
      @Override
      Verdict act(MessageEdits edits) {
        return new Verdict.Reject(Reply.of(250, "thanks, and forget it"));
      }
    },
    BLOCKS {
      @Override
      Verdict act(MessageEdits edits) throws InterruptedException {
        new CountDownLatch(1).await();
        return Verdict.next();
      }
    },
    IGNORES_INTERRUPTS {
      @Override
      Verdict act(MessageEdits edits) {
        while (!OVER.get()) {
          Thread.onSpinWait();
        }
        return Verdict.next();
      }
    },
    WRITES_FOR_EVER {
      @Override
      Verdict act(MessageEdits edits) {
        edits.replaceBody(
            out -> {
              while (!OVER.get()) {
                out.write('x');
                LockSupport.parkNanos(1_000_000);
              }
            });
        return Verdict.next();
      }
    },
    WRITER_THROWS {
      @Override
      Verdict act(MessageEdits edits) {
        edits.replaceBody(
            out -> {
              throw new IllegalStateException("writer");
            });
        return Verdict.next();
      }
    },
    REMOVES_WHAT_IS_NOT_THERE {
      @Override
      Verdict act(MessageEdits edits) {
        edits.removeHeader("Not-There", 0);
        return Verdict.next();
      }
    },
    BAD_FIELD {
      @Override
      Verdict act(MessageEdits edits) {
        edits.addHeader("A", "b\nSmuggled: yes");
        return Verdict.next();
      }
    },
    CHANGES_THE_TRANSACTION {
      @Override
      Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits) {
        transaction.recipients().clear();
        return Verdict.next();
      }
    },
    CHANGES_THE_SESSION {
      @Override
      Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits) {
        transaction.session().environment().put("RELAYCLIENT", "");
        return Verdict.next();
      }
    },
    CHANGES_THE_HEADER_IT_READS {
      @Override
      Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
          throws FilterException {
        try {
          message.header().fields().clear();
        } catch (IOException e) {
          throw new FilterException("header", e);
        }
        return Verdict.next();
      }
    },
    LEAKS_ALL_STREAMS {
      @Override
      Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
          throws FilterException {
        List<InputStream> open = new ArrayList<>();
        while (true) {
          try {
            open.add(message.open());
          } catch (IOException e) {
            throw new FilterException("after " + open.size(), e);
          }
        }
      }
    };

    Verdict act(MessageEdits edits) throws FilterException, InterruptedException {
      throw new AssertionError("overridden");
    }

    /** Its time limit: only those that hang are to run into it. */
    String limit() {
      return this == BLOCKS || this == IGNORES_INTERRUPTS || this == WRITES_FOR_EVER
          ? "0.5"
          : "300";
    }

    Verdict act(MailTransaction transaction, MessageSource message, MessageEdits edits)
        throws FilterException, InterruptedException {
      return act(edits);
    }

    @Override
    public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
        throws FilterException, InterruptedException {
      edits.addHeader("Must-Not", "appear").changeSender(org.sluice.api.mail.ReversePath.NULL);
      return act(transaction, message, edits);
    }
  }

  private Bench.Registered misbehave(Misdeed misdeed, String... more) {
    List<Object> pairs = new ArrayList<>(List.of(more));
    pairs.addAll(List.of(FilterProperties.TIMEOUT, misdeed.limit()));
    return bench.add("bad", misdeed, pairs.toArray());
  }

  /** Sends with the bad filter and, after it has gone, without. */
  private Verdict answer(Misdeed misdeed, String... more) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    MessageFilter counting =
        (transaction, message, edits) -> {
          calls.incrementAndGet();
          return Verdict.next();
        };
    bench.add("good", counting, "service.ranking", -1);
    var bad = misbehave(misdeed, more);
    var result = bench.send(MAIL);
    Verdict verdict = result.filtered().verdict();
    boolean lives = !(verdict instanceof Verdict.TempFail || verdict instanceof Verdict.Reject);
    assertEquals(lives ? 1 : 0, calls.get(), "the next filter is asked if the message lives");
    assertEquals(MAIL, result.text(), "what a failed filter changed is not used");
    assertEquals(Bench.FROM, result.filtered().envelope().sender());
    OVER.set(true);
    bad.remove();
    assertEquals(Verdict.next(), bench.send(MAIL).filtered().verdict());
    return verdict;
  }

  @ParameterizedTest
  @EnumSource
  void tempfailsByDefault(Misdeed misdeed) throws Exception {
    var verdict = assertInstanceOf(Verdict.TempFail.class, answer(misdeed));
    assertEquals(451, verdict.reply().code());
  }

  @ParameterizedTest
  @EnumSource
  void acceptsIfSaidSo(Misdeed misdeed) throws Exception {
    assertEquals(Verdict.next(), answer(misdeed, FilterProperties.ON_FAILURE, "accept"));
  }

  @ParameterizedTest
  @EnumSource
  void rejectsIfSaidSo(Misdeed misdeed) throws Exception {
    var verdict = answer(misdeed, FilterProperties.ON_FAILURE, "reject");
    assertEquals(554, assertInstanceOf(Verdict.Reject.class, verdict).reply().code());
  }

  @ParameterizedTest
  @EnumSource
  void holdsIfSaidSo(Misdeed misdeed) throws Exception {
    var verdict = answer(misdeed, FilterProperties.ON_FAILURE, "quarantine");
    assertInstanceOf(Verdict.Quarantine.class, verdict);
  }

  @ParameterizedTest
  @EnumSource
  void doesNothingInShadowMode(Misdeed misdeed) throws Exception {
    String[] shadow = {
      FilterProperties.MODE, "shadow", FilterProperties.ON_FAILURE, "reject",
    };
    assertEquals(Verdict.next(), answer(misdeed, shadow));
  }

  @ParameterizedTest
  @EnumSource
  void anOpenBreakerDoesNotEvenCall(Misdeed misdeed) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    MessageFilter counted =
        (transaction, message, edits) -> {
          calls.incrementAndGet();
          return misdeed.filter(transaction, message, edits);
        };
    bench.add(
        "bad",
        counted,
        FilterProperties.TIMEOUT,
        misdeed.limit(),
        FilterProperties.BREAKER,
        "2/60s");
    for (int i = 0; i < 5; i++) {
      assertInstanceOf(Verdict.TempFail.class, bench.send(MAIL).filtered().verdict());
    }
    assertEquals(2, calls.get());
    bench.nanoTime.addAndGet(60_000_000_000L);
    bench.send(MAIL);
    bench.send(MAIL);
    assertEquals(3, calls.get(), "one trial");
  }

  @Test
  void aVerdictInShadowModeIsLoggedOnly() throws Exception {
    for (Verdict verdict :
        List.of(
            new Verdict.Reject(Reply.of(550, "no")),
            new Verdict.Discard("why"),
            new Verdict.Quarantine("why"))) {
      MessageFilter filter =
          (transaction, message, edits) -> {
            edits.addHeader("X", "1").removeRecipient(Bench.TO);
            return verdict;
          };
      var shadow = bench.add("shadow", filter, FilterProperties.MODE, "shadow");
      var result = bench.send(MAIL);
      assertEquals(Verdict.next(), result.filtered().verdict());
      assertEquals(MAIL, result.text());
      assertEquals(List.of(Bench.TO), result.filtered().envelope().recipients());
      shadow.remove();
    }
  }

  @Test
  void callsThatHangDoNotPileUp() throws Exception {
    var stuck =
        misbehave(
            Misdeed.IGNORES_INTERRUPTS,
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
    OVER.set(true);
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
                while (!OVER.get()) {
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
    OVER.set(true);
    Bench.await("its file is gone", () -> spool.toFile().list().length == 0);
    Bench.await("its place is free", () -> threadsBusy() == 0);
  }

  @Test
  void outsideATransactionThereIsNothingToHold() throws Exception {
    org.sluice.api.filter.ConnectFilter holds = session -> new Verdict.Quarantine("why");
    bench.add("c", holds, FilterProperties.ON_FAILURE, "quarantine");
    assertInstanceOf(Verdict.TempFail.class, bench.chain.connect(Bench.session()));
    org.sluice.api.filter.HelloFilter drops = (session, name) -> new Verdict.Discard("why");
    bench.add("h", drops, FilterProperties.ON_FAILURE, "accept");
    assertEquals(Verdict.next(), bench.chain.hello(Bench.session(), "x"));
  }
}
