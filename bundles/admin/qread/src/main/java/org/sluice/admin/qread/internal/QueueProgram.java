package org.sluice.admin.qread.internal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.QueueId;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Trigger;
import org.sluice.api.store.QueueAction;
import org.sluice.base.PrintableText;
import org.sluice.base.ProgramExit;

/**
 * {@code queue}: lists, holds, releases, flushes, bounces or removes messages by sender, recipient,
 * domain, state and age. It shows what it would do until it is told to do it.
 */
@Component(property = Program.NAME + "=queue")
public final class QueueProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(QueueProgram.class);

  private final Sources sources;
  private final InstantSource clock;

  /** Without it the queue looks by itself in a while. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Trigger trigger;

  /** Works on the store that is there when it runs. */
  @Activate
  public QueueProgram(@Reference Sources sources) {
    this.sources = sources;
    this.clock = InstantSource.system();
  }

  QueueProgram(Sources sources, InstantSource clock, Trigger trigger) {
    this.sources = sources;
    this.clock = clock;
    this.trigger = trigger;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context, "queue", () -> run(context, Order.parse(context.arguments(), clock.instant())));
  }

  private int run(ProgramContext context, Order order) throws ProgramExit, InterruptedException {
    try (var listing = new Listing(context.out())) {
      if (order.action().isEmpty()) {
        show(order, listing);
        return ExitCode.OK;
      }
      QueueAction action = order.action().get();
      if (!order.messages().isEmpty()) {
        return named(order, action, listing);
      }
      String name = action.name().toLowerCase(Locale.ROOT);
      if (order.sure()) {
        long done = applied(store -> store.apply(order.query(), action));
        String asked = String.join(" ", context.arguments());
        LOG.info("queue {}: {} messages", PrintableText.of(asked, '?'), done);
        listing.print(name + ": " + done + " messages");
      } else {
        long found = show(order, listing);
        listing.print(name + ": " + found + " messages if -y is added");
      }
      return ExitCode.OK;
    } catch (IOException e) {
      return ExitCode.TEMPORARY; // nobody reads any more, as in queue list | head
    }
  }

  /** Changes the queue, and has it look what is due now: also if only some of it was done. */
  private <T> T applied(Source.Call<T> change) throws ProgramExit, InterruptedException {
    try {
      return sources.present().ask(change);
    } finally {
      Optional.ofNullable(trigger).ifPresent(Trigger::pull);
    }
  }

  /** The dry run. */
  private long show(Order order, Listing listing)
      throws ProgramExit, IOException, InterruptedException {
    try (var messages = new Messages(sources.present(), store -> store.browse(order.query()))) {
      return messages.print(listing);
    }
  }

  private int named(Order order, QueueAction action, Listing listing)
      throws ProgramExit, IOException, InterruptedException {
    int status = ExitCode.OK;
    for (QueueId id : order.messages()) {
      if (applied(store -> store.apply(id, action))) {
        LOG.info("queue {} {}", action.name().toLowerCase(Locale.ROOT), id);
      } else {
        listing.print("#" + id + ": not in the queue, or an attempt is under way");
        status = ExitCode.TEMPORARY;
      }
    }
    return status;
  }
}
