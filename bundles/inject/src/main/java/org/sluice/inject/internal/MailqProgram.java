package org.sluice.inject.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** {@code mailq}: the queue, as qmail-qread shows it (spec 30 section 9). */
@Component(property = {Program.NAME + "=mailq", Program.STANDALONE + ":Boolean=true"})
public final class MailqProgram implements Program {
  private final Sendmail sendmail;

  /** Only the home directory is asked for. */
  @Activate
  public MailqProgram(@Reference Control control) {
    sendmail = new Sendmail(control);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return sendmail.run(context, "mailq", Sendmail::showQueue);
  }
}
