package org.sluice.tools.mail.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ChildEnd;
import org.sluice.base.ProgramExit;

/**
 * {@code mailsubj subject recip ...}: sends its input through qmail-inject (spec 40 section 17).
 */
@Component(property = {Program.NAME + "=mailsubj", Program.STANDALONE + ":Boolean=true"})
public final class MailsubjProgram implements Program {
  private static final String INJECT = "qmail-inject";

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "mailsubj", () -> send(context));
  }

  private static int send(ProgramContext context) throws ProgramExit, InterruptedException {
    List<String> arguments = context.arguments();
    if (arguments.isEmpty()) {
      throw ProgramExit.usage("mailsubj subject recip ...");
    }
    var header = new StringBuilder("Subject: ").append(arguments.get(0)).append("\nTo:");
    arguments.stream().skip(1).forEach(recipient -> header.append(' ').append(recipient));
    ChildEnd end = Child.feed(context, List.of(INJECT), header.append("\n\n").toString());
    if (end instanceof ChildEnd.Exited exited) {
      return exited.status();
    }
    if (end instanceof ChildEnd.Unreadable unreadable) {
      throw ProgramExit.temporary("unable to read message", unreadable.cause());
    }
    if (end instanceof ChildEnd.NotStarted failed) {
      throw ProgramExit.temporary("unable to run " + INJECT + ": " + Child.why(failed.cause()));
    }
    throw ProgramExit.temporary(INJECT + " crashed");
  }
}
