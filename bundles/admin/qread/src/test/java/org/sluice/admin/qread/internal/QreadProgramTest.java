package org.sluice.admin.qread.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.QueueEntry;
import org.sluice.testkit.ShownStore;
import org.sluice.testkit.TestContext;

/** The lines of spec 10 section 15, and what the reference printed in tests. */
class QreadProgramTest {
  private final Sources sources = new Sources();
  private final QreadProgram program = new QreadProgram(sources);
  private final TestContext context = new TestContext(List.of());

  /** What a store does when it is asked for one message. */
  private interface Step {
    QueueEntry take(BiConsumer<QueueId, IOException> broken);
  }

  private static ShownStore store(Step... steps) {
    return new ShownStore(steps.length) {
      @Override
      public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
        return Stream.of(steps).map(step -> step.take(broken)).filter(entry -> entry != null);
      }
    };
  }

  private static Step whole(Queued message) {
    return broken -> message.entry();
  }

  private static Step broken(long id, IOException why) {
    return broken -> {
      broken.accept(new QueueId(id), why);
      return null;
    };
  }

  private void prints(String expected, int status, Step... steps) throws Exception {
    sources.bindStore(store(steps));
    assertEquals(status, program.run(context));
    assertEquals(expected, context.stdout());
    assertEquals("", context.stderr());
  }

  @Test
  void anEmptyQueueIsNothing() throws Exception {
    prints("", 0);
  }

  @Test
  void theNullSender() throws Exception {
    prints(
        "23 Nov 2026 04:39:39 GMT  #2164924  90  <> \n\tremote\ta@v.example\n",
        0,
        whole(new Queued(2164924, 90, "2026-11-23T04:39:39.9Z", "").waits("remote a@v.example")));
  }

  @Test
  void oddOctetsAndABounce() throws Exception {
    prints(
        "23 Nov 2026 04:22:56 GMT  #2166869  86  <send er@x_.example>  bouncing\n"
            + "  done\tremote\tbob@r.example\n"
            + "\tremote\tamy_@r.example\n",
        0,
        whole(
            new Queued(2166869, 86, "2026-11-23T04:22:56Z", "send er@x\u00e9.example")
                .failed("remote bob@r.example")
                .waits("remote amy\t@r.example")));
  }

  @Test
  void octetsAtTheEdgesOfWhatIsShown() throws Exception {
    prints(
        "5 Jan 2026 00:00:09 GMT  #1  0  <_ ~__-@[]> \n\tlocal\t_\u0020~_\n",
        0,
        whole(
            new Queued(1, 0, "2026-01-05T00:00:09Z", "\u001f ~\u007f\u0080-@[]")
                .waits("local \n ~\u007f")));
  }

  @Test
  void localComesBeforeRemoteEachInTheOrderOfTheEnvelope() throws Exception {
    prints(
        "23 Nov 2026 04:22:56 GMT  #7  12  <s@x> \n"
            + "\tlocal\tb@l\n"
            + "  done\tlocal\ta@l\n"
            + "\tlocal\tb@l\n"
            + "  done\tremote\tz@r\n"
            + "\tremote\ty@r\n",
        0,
        whole(
            new Queued(7, 12, "2026-11-23T04:22:56Z", "s@x")
                .done("remote z@r")
                .waits("local b@l")
                .done("local a@l")
                .waits("remote y@r")
                .waits("local b@l")));
  }

  @Test
  void aChannelOnWhichAllIsDoneIsNotShown() throws Exception {
    prints(
        "23 Nov 2026 04:22:56 GMT  #7  12  <s@x> \n\tremote\ty@r\n"
            + "23 Nov 2026 04:22:56 GMT  #8  12  <s@x>  bouncing\n",
        0,
        whole(
            new Queued(7, 12, "2026-11-23T04:22:56Z", "s@x").done("local a@l").waits("remote y@r")),
        whole(
            new Queued(8, 12, "2026-11-23T04:22:56Z", "s@x")
                .failed("local a@l")
                .done("remote y@r")));
  }

  @Test
  void aFailureThatTheSenderDoesNotWantToHearOfIsNoBounce() throws Exception {
    prints(
        "23 Nov 2026 04:22:56 GMT  #7  12  <s@x> \n  done\tlocal\ta@l\n\tlocal\tb@l\n",
        0,
        whole(
            new Queued(7, 12, "2026-11-23T04:22:56Z", "s@x")
                .failedSilently("local a@l")
                .waits("local b@l")));
  }

  @Test
  void brokenMessagesAreToldOfAndTheOthersListed() throws Exception {
    prints(
        "warning: trouble with #2166869: file does not exist\n"
            + "warning: trouble with #2166870: access denied\n"
            + "1 Feb 2026 00:00:00 GMT  #2166871  5  <> \n\tlocal\ta@l\n",
        0,
        broken(2166869, new NoSuchFileException("bodies/1")),
        broken(2166870, new AccessDeniedException("record")),
        whole(new Queued(2166871, 5, "2026-02-01T00:00:00Z", "").waits("local a@l")));
  }

  @Test
  void aStoreThatCannotGoOn() throws Exception {
    prints(
        "1 Feb 2026 00:00:00 GMT  #1  5  <> \n\tlocal\ta@l\n"
            + "fatal: unable to read the queue: input/output error\n",
        111,
        whole(new Queued(1, 5, "2026-02-01T00:00:00Z", "").waits("local a@l")),
        broken -> {
          throw new UncheckedIOException(new IOException("Input/output error"));
        },
        whole(new Queued(3, 5, "2026-02-01T00:00:00Z", "").waits("local never@l")));
  }

  @Test
  void withoutAStore() throws Exception {
    assertEquals(111, program.run(context));
    assertEquals("fatal: no queue store is there\n", context.stdout());
    assertEquals("", context.stderr());
  }

  @Test
  void aStoreThatLeavesMeanwhileIsAskedNoMore() throws Exception {
    var first = new ShownStore[1];
    first[0] =
        store(
            broken -> {
              // As DS does it: the new one is bound before the old one leaves. The call under way
              // must end first, so it cannot be this thread that waits for it.
              var leaving = new Thread(() -> sources.unbindStore(first[0]));
              sources.bindStore(store());
              leaving.start();
              while (leaving.isAlive() && leaving.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              assertTrue(leaving.isAlive(), "waits for this call");
              return new Queued(1, 5, "2026-02-01T00:00:00Z", "").waits("local a@l").entry();
            },
            broken -> {
              throw new AssertionError("the store has gone");
            });
    sources.bindStore(first[0]);
    assertEquals(111, program.run(context));
    assertEquals(
        "1 Feb 2026 00:00:00 GMT  #1  5  <> \n\tlocal\ta@l\nfatal: the queue store has gone\n",
        context.stdout());
    var again = new TestContext(List.of());
    assertEquals(0, program.run(again), "the new one is there");
  }

  @Test
  void ofTwoStoresTheNewOneIsListed() throws Exception {
    sources.bindStore(store(whole(new Queued(1, 5, "2026-02-01T00:00:00Z", "old@x"))));
    prints(
        "1 Feb 2026 00:00:00 GMT  #2  5  <new@x> \n",
        0,
        whole(new Queued(2, 5, "2026-02-01T00:00:00Z", "new@x")));
  }

  @Test
  void anInterruptEndsTheListing() {
    sources.bindStore(store(whole(new Queued(1, 5, "2026-02-01T00:00:00Z", ""))));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> program.run(context));
    assertFalse(Thread.interrupted());
  }
}
