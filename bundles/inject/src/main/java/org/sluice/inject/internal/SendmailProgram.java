package org.sluice.inject.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/**
 * {@code sendmail}: the options of the historical program, for qmail-inject (spec 30 section 9).
 */
@Component(property = {Program.NAME + "=sendmail", Program.STANDALONE + ":Boolean=true"})
public final class SendmailProgram implements Program {
  private final Sendmail sendmail;

  /** Only the home directory is asked for. */
  @Activate
  public SendmailProgram(@Reference Control control) {
    sendmail = new Sendmail(control);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return sendmail.run(context, "sendmail", Sendmail::inject);
  }
}
