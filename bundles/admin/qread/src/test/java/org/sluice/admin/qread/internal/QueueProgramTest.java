package org.sluice.admin.qread.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.testkit.Background;
import org.sluice.testkit.ShownStore;
import org.sluice.testkit.TestContext;

/** What an operator does to many messages, and sees before he does it. */
class QueueProgramTest {
  private static final String FIRST =
      "1 Feb 2026 00:00:00 GMT  #1  5  <a@spam.example> \n\tlocal\tjoe@here\n";
  private static final String SECOND =
      "1 Feb 2026 10:00:00 GMT  #2  6  <b@s.example>  bouncing\n"
          + "  done\tremote\tamy@far\n\tremote\tbob@far\n";
  private static final String THIRD = "1 Feb 2026 11:00:00 GMT  #3  7  <>  bouncing\n";

  private final List<String> applied = new ArrayList<>();
  private final Sources sources = new Sources();
  private int pulled;
  private final QueueProgram program =
      new QueueProgram(sources, () -> Instant.parse("2026-02-01T12:00:00Z"), () -> pulled++);

  /** Three messages, of which the second is under way. */
  private class Queue extends ShownStore {
    Queue() {
      super(3);
    }

    @Override
    public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
      return Stream.of(
              new Queued(1, 5, "2026-02-01T00:00:00Z", "a@spam.example").waits("local joe@here"),
              new Queued(2, 6, "2026-02-01T10:00:00Z", "b@s.example")
                  .failed("remote amy@far")
                  .waits("remote bob@far"),
              new Queued(3, 7, "2026-02-01T11:00:00Z", "").failed("remote amy@far"))
          .map(Queued::entry);
    }

    @Override
    public boolean apply(QueueId id, QueueAction action) throws IOException {
      applied.add(action + " " + id);
      return id.value() != 2 && id.value() < 4;
    }
  }

  private void says(String expected, int status, String... arguments) throws Exception {
    var context = new TestContext(List.of(arguments));
    assertEquals(status, program.run(context));
    assertEquals(expected, context.stdout());
    assertEquals("", context.stderr());
  }

  @Test
  void aListOfThoseThatAreMeant() throws Exception {
    sources.bindStore(new Queue());
    says(FIRST + SECOND + THIRD, 0, "list");
    says(FIRST, 0, "list", "-f", "@spam.example");
    says(FIRST, 0, "list", "-f", "A@spam.example");
    says(THIRD, 0, "list", "-f", "");
    says(SECOND, 0, "list", "-t", "bob@far");
    says(SECOND + THIRD, 0, "list", "-d", "FAR");
    says(THIRD, 0, "list", "-s", "bouncing");
    says(FIRST, 0, "list", "-o12h");
    says(FIRST + SECOND, 0, "list", "-o", "7200s");
    says("", 0, "list", "-o1d");
    says(SECOND, 0, "list", "-d", "far", "-o", "90m");
    says("", 0, "list", "-s", "held");
    assertEquals(List.of(), applied);
  }

  @Test
  void whatWouldBeDoneIsShownAndNotDone() throws Exception {
    sources.bindStore(new Queue());
    says(SECOND + THIRD + "remove: 2 messages if -y is added\n", 0, "remove", "-d", "far");
    says("hold: 0 messages if -y is added\n", 0, "hold", "-d", "nowhere");
    says("release: 0 messages if -y is added\n", 0, "release", "-d", "far");
    assertEquals(List.of(), applied);
    assertEquals(0, pulled);
  }

  @Test
  void whoIsSureHasItDone() throws Exception {
    sources.bindStore(new Queue());
    says("remove: 1 messages\n", 0, "remove", "-y", "-d", "far");
    assertEquals(List.of("REMOVE 2", "REMOVE 3"), applied, "one is under way");
    applied.clear();
    says("flush: 2 messages\n", 0, "flush", "-y");
    assertEquals(List.of("FLUSH 1", "FLUSH 2", "FLUSH 3"), applied);
    says("bounce: 1 messages\n", 0, "bounce", "-o", "12h", "-y");
    says("release: 0 messages\n", 0, "release", "-y");
    assertEquals("BOUNCE 1", applied.get(3));
    assertEquals(4, applied.size());
    assertEquals(4, pulled, "the queue looks what is due now");
  }

  @Test
  void messagesThatAreNamed() throws Exception {
    sources.bindStore(new Queue());
    says("", 0, "hold", "1", "#3");
    assertEquals(List.of("HOLD 1", "HOLD 3"), applied);
    String untouched = "#%s: not in the queue, or an attempt is under way\n";
    says(untouched.formatted(2) + untouched.formatted(9), 111, "remove", "2", "1", "9");
    assertEquals("REMOVE 1", applied.get(3), "in spite of the first");
  }

  private void refuses(String expected, String... arguments) throws Exception {
    var context = new TestContext(List.of(arguments));
    assertEquals(100, program.run(context), context::stdout);
    assertTrue(context.stderr().startsWith("queue: " + expected), context::stderr);
    assertEquals("", context.stdout());
    assertEquals(List.of(), applied);
  }

  @Test
  void whatItDoesNotUnderstandDoesNothing() throws Exception {
    sources.bindStore(new Queue());
    refuses("usage: queue list|hold|release|flush|bounce|remove ");
    refuses("usage: queue list|", "delete", "-d", "far");
    refuses("usage: queue list|", "HOLD", "-y");
    refuses("usage: queue list|", "list", "-y");
    refuses("usage: queue list|", "list", "1");
    refuses("usage: queue list|", "hold", "-s", "ready", "-y");
    refuses("usage: queue list|", "remove", "-d", "far", "-y", "1");
    refuses("illegal option -- x", "remove", "-x", "-y");
    refuses("option requires an argument -- o", "remove", "-y", "-o");
    refuses("fatal: say which messages; -o 0s means all", "remove", "-y");
    refuses("fatal: say which messages; -o 0s means all", "bounce");
    for (String age : List.of("1", "d", "-1d", "1w", "1.5h", "9999999999d")) {
      refuses("fatal: an age is a number and s, m, h or d: " + age, "remove", "-y", "-o", age);
    }
    for (String number : List.of("0", "#", "-", "1x", "all", "9999999999999999999")) {
      refuses("fatal: no number of a message: " + number, "remove", number);
    }
  }

  @Test
  void theLongestAgeIsNoTrouble() throws Exception {
    sources.bindStore(new Queue());
    says("remove: 0 messages\n", 0, "remove", "-y", "-o", "999999999d");
    says("remove: 2 messages\n", 0, "remove", "-y", "-o", "0s");
  }

  @Test
  void withoutAStore() throws Exception {
    var context = new TestContext(List.of("hold", "-y"));
    assertEquals(111, program.run(context));
    assertEquals("queue: fatal: no queue store is there\n", context.stderr());
  }

  @Test
  void aStoreThatCannotBeWrittenTo() throws Exception {
    sources.bindStore(
        new Queue() {
          @Override
          public boolean apply(QueueId id, QueueAction action) throws IOException {
            throw new IOException("No space left on device");
          }
        });
    var context = new TestContext(List.of("hold", "-y"));
    assertEquals(111, program.run(context));
    assertEquals("queue: fatal: unable to change the queue: out of disk space\n", context.stderr());
  }

  /** Whoever replaces the store waits for what is under way; the new store is used then. */
  @Test
  void aStoreThatLeavesIsFinishedFirst() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var old =
        new Queue() {
          @Override
          public boolean apply(QueueId id, QueueAction action) throws IOException {
            inside.countDown();
            try {
              assertTrue(goOn.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return super.apply(id, action);
          }
        };
    sources.bindStore(old);
    var context = new TestContext(List.of("hold", "-y"));
    var status = Background.supply(() -> uninterrupted(context));
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    sources.bindStore(new Queue());
    var gone = Background.run(() -> sources.unbindStore(old));
    assertFalse(gone.isDone());
    goOn.countDown();
    gone.get(20, TimeUnit.SECONDS);
    assertEquals(0, status.get(20, TimeUnit.SECONDS));
    assertEquals("hold: 2 messages\n", context.stdout());
    says("hold: 2 messages\n", 0, "hold", "-y");
  }

  private int uninterrupted(TestContext context) {
    try {
      return program.run(context);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptEndsIt() {
    sources.bindStore(new Queue());
    Thread.currentThread().interrupt();
    var context = new TestContext(List.of("remove", "-d", "far", "-y"));
    assertThrows(InterruptedException.class, () -> program.run(context));
    assertFalse(Thread.interrupted());
    assertEquals(List.of(), applied);
  }
}
