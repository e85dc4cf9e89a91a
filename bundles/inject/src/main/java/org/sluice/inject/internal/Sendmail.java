package org.sluice.inject.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.api.control.Control;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/**
 * What sendmail, mailq and newaliases have in common (spec 30 section 9). The programs behind them
 * run in the caller's directory, whose owner the trace line names, not in the home directory.
 */
final class Sendmail {
  private static final String NAME = "sendmail";
  private static final String USAGE =
      "sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]";

  /** What qmail-smtpd is told of a client that has no connection. */
  private static final Map<String, String> LOCAL_CLIENT =
      Map.of(
          "RELAYCLIENT", "",
          "DATABYTES", "0",
          "PROTO", "TCP",
          "TCPLOCALIP", "127.0.0.1",
          "TCPLOCALHOST", "localhost",
          "TCPREMOTEIP", "127.0.0.1",
          "TCPREMOTEHOST", "localhost",
          "TCPREMOTEINFO", "sendmail-bs");

  /** What is done when no option says otherwise. */
  @FunctionalInterface
  interface Action {
    int run(ProgramContext context, SendmailOptions options)
        throws ProgramExit, InterruptedException;
  }

  private final Control control;

  Sendmail(Control control) {
    this.control = control;
  }

  /**
   * Runs.
   *
   * @param calledAs the name in getopt's messages
   */
  int run(ProgramContext context, String calledAs, Action action)
      throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        NAME,
        () -> {
          if (!Files.isDirectory(control.home())) {
            throw ProgramExit.temporary("unable to switch to qmail home directory");
          }
          SendmailOptions options = options(context, calledAs);
          return switch (options.mode()) {
            case INJECT -> action.run(context, options);
            case QUEUE -> showQueue(context, options);
            case SMTP -> speakSmtp(context);
            case UNKNOWN -> throw ProgramExit.usage(USAGE);
          };
        });
  }

  private static SendmailOptions options(ProgramContext context, String calledAs)
      throws ProgramExit, IOException {
    try {
      return SendmailOptions.parse(context.arguments());
    } catch (ProgramExit e) {
      e.say(context, calledAs);
      throw ProgramExit.usage(USAGE);
    }
  }

  static int inject(ProgramContext context, SendmailOptions options)
      throws ProgramExit, InterruptedException {
    return exec(context, options.inject(), options.environment(context.environment()));
  }

  static int showQueue(ProgramContext context, SendmailOptions options)
      throws ProgramExit, InterruptedException {
    return exec(context, List.of("qmail-qread"), context.environment());
  }

  private static int speakSmtp(ProgramContext context) throws ProgramExit, InterruptedException {
    Map<String, String> environment = new HashMap<>(context.environment());
    if (!environment.containsKey("PROTO")) {
      environment.putAll(LOCAL_CLIENT);
    }
    return exec(context, List.of("qmail-smtpd"), environment);
  }

  private static int exec(
      ProgramContext context, List<String> argv, Map<String, String> environment)
      throws ProgramExit, InterruptedException {
    try {
      return context.execution(argv).environment(environment).run();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to run " + argv.get(0));
    }
  }
}
