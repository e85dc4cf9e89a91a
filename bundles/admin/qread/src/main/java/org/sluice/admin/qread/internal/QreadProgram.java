package org.sluice.admin.qread.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

/**
 * {@code qmail-qread}: lists the messages in the queue and their recipients (spec 10 section 15).
 */
@Component(property = Program.NAME + "=qmail-qread")
public final class QreadProgram implements Program {
  /** The store, for a moment two while one replaces the other: the last one counts. */
  private final List<Source> sources = new CopyOnWriteArrayList<>();

  /** Lists the store that is there when it runs. */
  @Activate
  public QreadProgram() {}

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStore(QueueStore store) {
    sources.add(new Source(store));
  }

  /** Runs before the framework takes the service back: reads under way end first. */
  void unbindStore(QueueStore store) {
    for (Source source : sources) {
      if (source.isOf(store)) {
        sources.remove(source);
        source.leave();
      }
    }
  }

  private Source source() throws ProgramExit {
    List<Source> present = List.copyOf(sources);
    if (present.isEmpty()) {
      throw ProgramExit.temporary("no queue store is there");
    }
    return present.get(present.size() - 1);
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    try (var listing = new Listing(context.out())) {
      try (var messages = new Messages(source(), listing::trouble)) {
        for (var one = messages.next(); one.isPresent(); one = messages.next()) {
          listing.print(one.get());
        }
        return ExitCode.OK;
      } catch (ProgramExit e) {
        listing.print(e.getMessage()); // with all the rest, not on descriptor 2
        return e.status();
      }
    } catch (IOException | Listing.Unwritten e) {
      return ExitCode.TEMPORARY; // nobody reads any more, as in qmail-qread | head
    }
  }
}
