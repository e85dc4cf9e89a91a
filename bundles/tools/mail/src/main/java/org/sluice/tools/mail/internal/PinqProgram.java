package org.sluice.tools.mail.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** {@code pinq}: pine, with what is in the maildir. */
@Component(property = {Program.NAME + "=pinq", Program.STANDALONE + ":Boolean=true"})
public final class PinqProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return MailReader.run(context, "pinq", "pine");
  }
}
