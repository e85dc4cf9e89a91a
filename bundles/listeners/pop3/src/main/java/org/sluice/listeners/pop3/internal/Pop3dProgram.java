package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramConnection;

/** {@code qmail-pop3d maildirname} (spec 20 section 12): serves a Maildir to who has logged in. */
@Component(property = {Program.NAME + "=qmail-pop3d", Program.STANDALONE + "=true"})
public final class Pop3dProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(Pop3dProgram.class);

  /** As in qmail-pop3d. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1200);

  private final InstantSource clock;
  private final Duration timeout;
  private final int uid;

  /** For the framework, and for a process of its own. */
  @Activate
  public Pop3dProgram() throws IOException {
    this(InstantSource.system(), TIMEOUT, MailboxLogin.ownUid());
  }

  Pop3dProgram(InstantSource clock, Duration timeout, int uid) {
    this.clock = clock;
    this.timeout = timeout;
    this.uid = uid;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    if (uid == 0) {
      context
          .err()
          .write("qmail-pop3d invoked as uid 0, terminating\n".getBytes(StandardCharsets.US_ASCII));
      return 1;
    }
    var connection = new ProgramConnection("qmail-pop3d", context);
    connection.timeout(timeout);
    var client = new Client(connection);
    try {
      Optional<String> name = context.arguments().stream().findFirst();
      new Mailbox(context.directory(), name, Optional.empty())
          .serve(client, new Dialogue(client), clock.instant());
    } catch (IOException e) {
      LOG.debug("the client is gone: {}", e.toString());
    }
    return 0;
  }
}
