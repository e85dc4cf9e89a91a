package org.sluice.admin.qstat.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.store.QueueStore;
import org.sluice.base.ProgramExit;

/** {@code qmail-qstat}: counts the messages in the queue (spec 10 section 16). */
@Component(property = Program.NAME + "=qmail-qstat")
public final class QstatProgram implements Program {
  /** Recipients are rewritten before a message is taken: no queued one waits for that. */
  private static final int NOT_YET_PREPROCESSED = 0;

  private final AtomicReference<QueueStore> store = new AtomicReference<>();

  /** Counts in the store that is there when it runs. */
  @Activate
  public QstatProgram() {}

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStore(QueueStore service) {
    store.set(service);
  }

  void unbindStore(QueueStore service) {
    store.compareAndSet(service, null);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qmail-qstat", () -> count(context));
  }

  private int count(ProgramContext context) throws ProgramExit, IOException {
    QueueStore present = store.get();
    if (present == null) {
      throw ProgramExit.temporary("no queue store is there");
    }
    String text =
        "messages in queue: "
            + present.statistics().messages()
            + "\nmessages in queue but not yet preprocessed: "
            + NOT_YET_PREPROCESSED
            + "\n";
    context.out().write(text.getBytes(StandardCharsets.US_ASCII));
    context.out().flush();
    return ExitCode.OK;
  }
}
