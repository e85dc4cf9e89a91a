package org.sluice.admin.qread.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/**
 * {@code qmail-qread}: lists the messages in the queue and their recipients (spec 10 section 15).
 */
@Component(property = Program.NAME + "=qmail-qread")
public final class QreadProgram implements Program {
  private final Sources sources;

  /** Lists the store that is there when it runs. */
  @Activate
  public QreadProgram(@Reference Sources sources) {
    this.sources = sources;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    try (var listing = new Listing(context.out())) {
      try (var messages =
          new Messages(sources.present(), store -> store.browse(listing::trouble))) {
        messages.print(listing);
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
