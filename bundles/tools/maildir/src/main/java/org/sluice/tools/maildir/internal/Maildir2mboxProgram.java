package org.sluice.tools.maildir.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;
import org.sluice.base.SystemError;

/**
 * {@code maildir2mbox}: moves all messages of a maildir to an mbox (spec 40 section 16.1). Until
 * the new mbox is in place and on disk, maildir and mbox are as they were; an interrupt stops it up
 * to then, and only then.
 */
@Component(property = {Program.NAME + "=maildir2mbox", Program.STANDALONE + ":Boolean=true"})
public final class Maildir2mboxProgram implements Program {
  private final InstantSource clock;

  /** By the system's clock. */
  @Activate
  public Maildir2mboxProgram() {
    this(InstantSource.system());
  }

  Maildir2mboxProgram(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "maildir2mbox", () -> move(context));
  }

  private int move(ProgramContext context) throws ProgramExit, IOException, InterruptedException {
    Map<String, String> environment = context.environment();
    for (String name : new String[] {"MAIL", "MAILTMP"}) {
      if (!environment.containsKey(name)) {
        throw ProgramExit.temporary(name + " not set");
      }
    }
    Maildir maildir = Maildir.enter(context);
    maildir.clean(clock.instant());
    List<Maildir.Message> messages = maildir.scan(clock.instant(), "new", "cur");
    if (messages.isEmpty()) {
      return ExitCode.OK;
    }
    try (var mbox = LockedMbox.open(maildir.directory(), environment.get("MAIL"), context)) {
      new NewMbox(maildir.directory(), environment.get("MAILTMP"), mbox).make(messages);
      // Under the lock still, or another run would move them once more.
      for (Maildir.Message message : messages) {
        remove(message, context);
      }
    }
    return ExitCode.OK;
  }

  private static void remove(Maildir.Message message, ProgramContext context) throws IOException {
    try {
      Files.delete(message.file());
    } catch (IOException e) {
      String text =
          "maildir2mbox: warning: "
              + message.name()
              + " will be delivered twice; unable to unlink: "
              + SystemError.text(e)
              + "\n";
      context.err().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
