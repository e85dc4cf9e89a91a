package org.sluice.programs.qbiff.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.MessageSummary;
import org.sluice.base.PathBytes;
import org.sluice.base.PrintableText;

/**
 * {@code qbiff}: tells a user who is logged in of new mail (spec 40 section 13.2). The terminal
 * must be USER's own; under qmail, where programs run as the user, that is the caller's.
 */
@Component(property = {Program.NAME + "=qbiff", Program.STANDALONE + ":Boolean=true"})
public final class QbiffProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(QbiffProgram.class);
  private static final String INDENT = "    ";
  private static final int WIDTH = 78;
  private final Path utmp;
  private final Path devices;
  private final Duration limit;

  /** With the system's login records and terminals. */
  @Activate
  public QbiffProgram() {
    this(Path.of("/var/run/utmp"), Path.of("/dev"), Duration.ofSeconds(5));
  }

  QbiffProgram(Path utmp, Path devices, Duration limit) {
    this.utmp = utmp;
    this.devices = devices;
    this.limit = limit;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    try {
      notify(context);
    } catch (IOException e) {
      LOG.debug("nobody is told of a message", e); // mail matters more than the notice of it
    }
    return ExitCode.OK;
  }

  private void notify(ProgramContext context) throws IOException, InterruptedException {
    Map<String, String> environment = context.environment();
    if (!environment.keySet().containsAll(List.of("USER", "SENDER", "LOCAL"))) {
      return;
    }
    String user = environment.get("USER");
    if (user.length() > LoginRecords.USER_LENGTH) {
      return;
    }
    byte[] notice = notice(context).getBytes(StandardCharsets.ISO_8859_1);
    for (String name : LoginRecords.terminals(utmp, user)) {
      if (!name.isEmpty() && !name.startsWith("/") && !name.contains(".")) {
        var terminal = new Terminal(PathBytes.resolve(devices, name));
        if (wants(terminal, user)) {
          terminal.write(notice, limit);
        }
      }
    }
  }

  private static String notice(ProgramContext context) throws IOException {
    Map<String, String> environment = context.environment();
    String first = "*** TO <" + environment.get("LOCAL") + "> FROM <" + environment.get("SENDER");
    String text = MessageSummary.read(context.in(), WIDTH - INDENT.length()).text();
    return "\r\n\u0007"
        + PrintableText.of(first + ">", '_')
        + "\r\n"
        + PrintableText.of(INDENT + text, '/')
        + "\r\n";
  }

  /** A record may name a terminal that is gone; the others count. */
  private static boolean wants(Terminal terminal, String user) {
    try {
      return terminal.wants(user);
    } catch (IOException e) {
      LOG.debug("{} is passed over", terminal, e);
      return false;
    }
  }
}
