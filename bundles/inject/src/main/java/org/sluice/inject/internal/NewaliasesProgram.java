package org.sluice.inject.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** {@code newaliases}: says that aliases are another package's (spec 30 section 9). */
@Component(property = {Program.NAME + "=newaliases", Program.STANDALONE + ":Boolean=true"})
public final class NewaliasesProgram implements Program {
  private final Sendmail sendmail;

  /** Only the home directory is asked for. */
  @Activate
  public NewaliasesProgram(@Reference Control control) {
    sendmail = new Sendmail(control);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return sendmail.run(
        context,
        "newaliases",
        (caller, options) -> {
          throw ProgramExit.permanent("please use fastforward/newaliases instead");
        });
  }
}
