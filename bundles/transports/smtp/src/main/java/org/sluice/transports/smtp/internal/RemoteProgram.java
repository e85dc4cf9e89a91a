package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** {@code qmail-remote host sender recip ...}: a connection of its own, reports on descriptor 1. */
@Component(property = Program.NAME + "=qmail-remote")
public final class RemoteProgram implements Program {
  private static final int UNKNOWN_SIZE = 32 * 1024;

  private final SmtpClient client;

  /** Talks through this client. */
  @Activate
  public RemoteProgram(@Reference SmtpClient client) {
    this.client = client;
  }

  @Override
  public int run(ProgramContext context) throws IOException {
    OutputStream out = context.out();
    out.write(reports(context).getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return ExitCode.OK;
  }

  private String reports(ProgramContext context) {
    List<String> arguments = context.arguments();
    if (arguments.size() < 3) {
      return RemoteFailure.usage().report() + '\0';
    }
    List<String> recipients = arguments.subList(2, arguments.size());
    var mail = new Mail(arguments.get(0), arguments.get(1), recipients, UNKNOWN_SIZE, context::in);
    return client.send(mail, false).toString();
  }
}
