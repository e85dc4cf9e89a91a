package org.sluice.listeners.pop3.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Credentials;
import org.sluice.api.program.Execution;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramConnection;

/** {@code qmail-popup hostname subprogram ...} (spec 20 section 10): hands a login to a checker. */
@Component(property = {Program.NAME + "=qmail-popup", Program.STANDALONE + "=true"})
public final class PopupProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(PopupProgram.class);

  /** As in qmail-popup. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1200);

  private final InstantSource clock;
  private final Duration timeout;

  /** For the framework, and for a process of its own. */
  @Activate
  public PopupProgram() {
    this(InstantSource.system(), TIMEOUT);
  }

  PopupProgram(InstantSource clock, Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  /** Every end is exit status 1. */
  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var connection = new ProgramConnection("qmail-popup", context);
    connection.timeout(timeout);
    var client = new Client(connection);
    try {
      List<String> arguments = context.arguments();
      if (arguments.size() < 2) {
        client.error("usage: popup hostname subprogram");
        client.out().flush();
        return 1;
      }
      String timestamp = Timestamp.of(arguments.get(0), clock.instant());
      List<String> argv = arguments.subList(1, arguments.size());
      HandOver checker = credentials -> check(context, client, argv, timestamp, credentials);
      new Authorization(client, timestamp, checker, new Dialogue(client)).run();
    } catch (IOException e) {
      LOG.debug("the client is gone: {}", e.toString());
    }
    return 1;
  }

  private static Optional<String> check(
      ProgramContext context,
      Client client,
      List<String> argv,
      String timestamp,
      Credentials credentials)
      throws InterruptedException {
    String login = credentials.name() + '\0' + credentials.secret() + '\0' + timestamp + '\0';
    Execution checker =
        context
            .execution(argv)
            .tellSignals()
            .input(3, new ByteArrayInputStream(login.getBytes(StandardCharsets.ISO_8859_1)));
    byte[] rest = client.takeRest();
    if (rest.length > 0) {
      checker.input(0, new SequenceInputStream(new ByteArrayInputStream(rest), context.in()));
    }
    try {
      int status = checker.run();
      if (Child.crashed(status)) {
        return Optional.of("aack, child crashed");
      }
      return status == 0 ? Optional.empty() : Optional.of("authorization failed");
    } catch (IOException e) {
      LOG.warn("{} cannot be run: {}", argv.get(0), e.getMessage());
      return Optional.of("authorization failed");
    }
  }
}
