package org.sluice.base;

import java.io.IOException;
import java.util.List;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;

/** What the exit status of a program that was run means to the one that ran it. */
public final class Child {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;

  private Child() {}

  /** Whether a signal ended it, as {@link org.sluice.api.program.Execution#run} tells it. */
  public static boolean crashed(int status) {
    return status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL;
  }

  /**
   * Runs a program as a condition, the way of bouncesaying, condredirect and except (spec 40
   * section 12): its descriptors are the caller's.
   *
   * @return true if it exited 0; false if not, or if it can never be started
   * @throws ProgramExit status 111 if it asks to try again, was killed or cannot be started now
   */
  public static boolean agrees(ProgramContext context, List<String> argv)
      throws ProgramExit, InterruptedException {
    int status;
    try {
      status = context.exec(argv);
    } catch (IOException e) {
      status = SystemError.temporary(e) ? ExitCode.TEMPORARY : ExitCode.PERMANENT;
    }
    if (status == ExitCode.TEMPORARY) {
      throw ProgramExit.temporary("temporary child error");
    }
    if (crashed(status)) {
      throw ProgramExit.temporary("child crashed");
    }
    return status == ExitCode.OK;
  }

  /**
   * Runs a program in the place of the caller, the way of ucspi-tcp: its exit status is the
   * caller's.
   *
   * @param name of the program, for the words
   * @throws ProgramExit status 111 if it cannot be started
   */
  public static int become(Execution execution, String name)
      throws ProgramExit, InterruptedException {
    try {
      return execution.pathexec().run();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to run " + name, e);
    }
  }

  /** Runs a program with some lines and then descriptor 0, from its present position, as input. */
  public static ChildEnd feed(ProgramContext context, List<String> argv, String lines)
      throws InterruptedException {
    var message = new PrefixedInput(lines, context.in());
    ChildEnd end;
    try {
      int status = context.execution(argv).input(0, message).run();
      end = crashed(status) ? new ChildEnd.Crashed() : new ChildEnd.Exited(status);
    } catch (IOException e) {
      end = new ChildEnd.NotStarted(e);
    }
    return message.failure().<ChildEnd>map(ChildEnd.Unreadable::new).orElse(end);
  }

  /** Why a program could not be started: qmail's words, or else those of whoever tried. */
  public static String why(IOException e) {
    String text = SystemError.text(e);
    return text.equals(SystemError.UNKNOWN) && e.getMessage() != null ? e.getMessage() : text;
  }
}
