package org.sluice.programs.qlist.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.QueueException;
import org.sluice.base.MboxLock;
import org.sluice.base.MessageReader;
import org.sluice.base.ProgramExit;
import org.sluice.base.Resubmission;

/**
 * {@code qlist}: subscribes and unsubscribes whoever writes to it, and forwards the letter with its
 * notes to them and to the owner (spec 40 section 14).
 */
@Component(property = Program.NAME + "=qlist")
public final class QlistProgram implements Program {
  private static final int ADDRESS_TOO_LONG = 115;
  private final MboxLock locks = new MboxLock(Duration.ofDays(1));

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qlist", () -> handle(context));
  }

  private int handle(ProgramContext context) throws ProgramExit, InterruptedException {
    Arguments arguments = Arguments.of(context);
    var list = new ListFile(context, arguments, locks);
    try {
      list.prepare();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to open lock file");
    }
    var message = new MessageReader(context.in());
    try {
      Letter letter = Letter.read(message);
      String target = letter.target(arguments.newSender());
      try (Draft draft = context.queue().open(Resubmission.origin(context))) {
        write(draft.body(), arguments.deliveredTo() + letter.kept());
        write(draft.body(), Notes.opening(arguments));
        var commands = new Commands(list, target, arguments.request());
        answer(draft.body(), message, letter.subject(), commands);
        draft.commit(
            Resubmission.envelope(arguments.newSender(), List.of(arguments.owner(), target)));
      }
    } catch (QueueException e) {
      boolean tooLong =
          e.exitCode() == ExitCode.ADDRESS_TOO_LONG || e.exitCode() == ADDRESS_TOO_LONG;
      throw tooLong
          ? ProgramExit.permanent("permanent qmail-queue error")
          : ProgramExit.temporary("temporary qmail-queue error");
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
    return ExitCode.OK;
  }

  /** The commands of a letter, carried out. */
  private record Commands(ListFile list, String target, String request) {
    String carryOut(Command command) throws InterruptedException {
      return Notes.note(request, Notes.outcome(list.update(command, target), target));
    }
  }

  /** Copies the body; a note follows each line that is a command. */
  private static void answer(
      OutputStream out, MessageReader message, Optional<Command> subject, Commands commands)
      throws IOException, InterruptedException {
    boolean any = false;
    boolean lineBegins = true;
    Optional<Command> command = Optional.empty();
    for (var part = message.line(); part.isPresent(); part = message.line()) {
      if (lineBegins) {
        command = Command.at(part.get());
      }
      write(out, part.get());
      lineBegins = part.get().endsWith("\n");
      if (lineBegins && command.isPresent()) {
        any = true;
        write(out, commands.carryOut(command.get()));
      }
    }
    if (!any) {
      write(out, Notes.note(commands.request(), Notes.noCommand(subject.isPresent())));
      write(out, commands.carryOut(subject.orElse(Command.SUBSCRIBE)));
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
