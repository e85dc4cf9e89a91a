package org.sluice.admin.qstat.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.store.QueueStore;
import org.sluice.testkit.ShownStore;
import org.sluice.testkit.TestContext;

/** The two lines of spec 10 section 16. */
class QstatProgramTest {
  private final QstatProgram program = new QstatProgram();
  private final TestContext context = new TestContext(List.of());

  private void prints(String count, QueueStore store) throws Exception {
    program.bindStore(store);
    assertEquals(0, program.run(context));
    String lines = "messages in queue: %s\nmessages in queue but not yet preprocessed: 0\n";
    assertEquals(lines.formatted(count), context.stdout());
    assertEquals("", context.stderr());
  }

  @Test
  void anEmptyQueue() throws Exception {
    prints("0", new ShownStore(0));
  }

  @Test
  void allMessagesArePreprocessed() throws Exception {
    prints("1000000", new ShownStore(1_000_000));
  }

  @Test
  void withoutAStore() throws Exception {
    assertEquals(111, program.run(context));
    assertEquals("", context.stdout());
    assertEquals("qmail-qstat: fatal: no queue store is there\n", context.stderr());
  }

  @Test
  void ofTwoStoresTheNewOneCounts() throws Exception {
    var old = new ShownStore(1);
    program.bindStore(old);
    program.bindStore(new ShownStore(2));
    program.unbindStore(old);
    assertEquals(0, program.run(context));
    assertEquals("messages in queue: 2", context.stdout().lines().findFirst().orElseThrow());
  }
}
