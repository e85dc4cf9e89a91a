package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailObserver;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;

class ObserversTest {
  @TempDir Path spool;
  private final AtomicLong nanoTime = new AtomicLong();
  private final Observers observers = new Observers(nanoTime::get);
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  private static MailEvent event(String detail) {
    return new MailEvent(MailEvent.Type.ACCEPTED, Instant.EPOCH, Optional.empty(), detail);
  }

  private MailObserver add(String name, MailObserver observer) {
    observers.bindObserver(observer, Map.of("component.name", name));
    return observer;
  }

  private void publish(int from, int to) {
    for (int i = from; i < to; i++) {
      observers.publish(event("e" + i));
    }
  }

  private void sees(int count) {
    Bench.await(count + " events", () -> seen.size() == count);
  }

  @Test
  void tellsAllInOrderOnAnotherThread() {
    var threads = new ConcurrentLinkedQueue<Thread>();
    var observer =
        add(
            "o",
            event -> {
              threads.add(Thread.currentThread());
              seen.add(event.detail());
            });
    publish(0, 3);
    sees(3);
    assertEquals(List.of("e0", "e1", "e2"), List.copyOf(seen));
    assertNotSame(Thread.currentThread(), threads.peek());
    assertEquals(1, threads.stream().distinct().count());
    observers.unbindObserver(observer);
    publish(3, 5);
    assertEquals(3, seen.size());
    Bench.await("its thread has ended", () -> !threads.peek().isAlive());
  }

  @Test
  void aThrowIsNoReasonToMissTheNextEvent() {
    var observer =
        add(
            "o",
            event -> {
              seen.add(event.detail());
              if (event.detail().equals("e0")) {
                throw new StackOverflowError();
              }
              throw new IllegalStateException();
            });
    publish(0, 3);
    sees(3);
    Bench.await("counted", () -> observers.status().get(0).endsWith("3 failed"));
    observers.unbindObserver(observer);
  }

  @Test
  void aBlockedOneDelaysNobodyAndWhatItMissesIsCounted() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    MailObserver blocked =
        add(
            "blocked",
            event -> {
              entered.countDown();
              Bench.await("the test goes on", () -> go.getCount() == 0);
            });
    publish(0, 1);
    entered.await();
    MailObserver other = add("other", event -> seen.add(event.detail()));
    for (int i = 0; i < ObserverQueue.CAPACITY + 7; i++) {
      publish(i, i + 1); // returns at once, or this test never ends
      sees(i + 1);
    }
    assertEquals("blocked: 1000 waiting, 7 dropped, 0 failed", observers.status().get(0));
    assertEquals("other: 0 waiting, 0 dropped, 0 failed", observers.status().get(1));
    go.countDown();
    observers.unbindObserver(blocked);
    observers.unbindObserver(other);
    assertEquals(List.of(), observers.status());
  }

  @Test
  void oneThatIsRemovedIsInterruptedAndNotToldWhatWaits() throws Exception {
    var entered = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    MailObserver hangs =
        add(
            "hangs",
            event -> {
              seen.add(event.detail());
              entered.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
            });
    publish(0, 10);
    entered.await();
    observers.unbindObserver(hangs);
    assertTrue(interrupted.get());
    assertEquals(1, seen.size());
  }

  @Test
  void theChainTellsWhatFiltersRefuseAndHowTransactionsEnd() throws Exception {
    MailObserver observer = add("o", event -> seen.add(event.type() + " " + event.detail()));
    try (var bench = new Bench(spool)) {
      bench.chain.bindEvents(observers);
      var no = new Verdict.Reject(Reply.of(550, "5.7.1", "no"));
      ConnectFilter connect = session -> no;
      SenderFilter sender = (transaction, path) -> no;
      RecipientFilter recipient =
          (transaction, to) -> to.local().equals("bad") ? no : Verdict.next();
      MessageFilter message = (transaction, source, edits) -> no;
      for (Object filter : List.of(connect, sender, recipient, message)) {
        bench.add("f", filter);
      }
      bench.chain.connect(Bench.session());
      bench.chain.hello(Bench.session(), "x");
      try (var pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
        pass.sender();
        pass.recipient(Bench.TO);
        pass.recipient(new Recipient("bad@d"));
        pass.message(Bench.message("x"));
        pass.ended(MailEvent.Type.ACCEPTED, Optional.of(new QueueId(7)), "");
        pass.ended(MailEvent.Type.DISCARDED, Optional.empty(), "why");
      }
      sees(6);
      assertEquals(
          List.of(
              "REFUSED s1: 550 5.7.1 no",
              "REFUSED s1: from <a@b> to: 550 5.7.1 no",
              "REFUSED s1: from <a@b> to <c@d>: <bad@d>: 550 5.7.1 no",
              "REFUSED s1: from <a@b> to <c@d>: 550 5.7.1 no",
              "ACCEPTED s1: from <a@b> to <c@d>",
              "DISCARDED s1: from <a@b> to <c@d>: why"),
          List.copyOf(seen));
      bench.chain.unbindEvents(observers);
      bench.chain.connect(Bench.session());
      assertEquals(6, seen.size());
    }
    observers.unbindObserver(observer);
  }
}
