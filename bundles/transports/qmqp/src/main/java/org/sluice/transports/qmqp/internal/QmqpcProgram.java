package org.sluice.transports.qmqp.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.mail.Envelope;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.QueueException;

/**
 * {@code qmail-qmqpc}: in the place of qmail-queue on a host without a queue. Message on descriptor
 * 0, envelope on descriptor 1; prints nothing.
 */
@Component(property = {Program.NAME + "=qmail-qmqpc", Program.STANDALONE + "=true"})
public final class QmqpcProgram implements Program {
  private static final int QMQP = 628;
  private static final int CONTROLS = 55;

  private final Control control;
  private final QmqpClient client;

  /** Reads {@code qmqpservers} at each run. */
  @Activate
  public QmqpcProgram(@Reference Control control) {
    this(control, new QmqpClient(QMQP));
  }

  QmqpcProgram(Control control, QmqpClient client) {
    this.control = control;
    this.client = client;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    try {
      List<InetAddress> servers = servers();
      try (var message = Spool.read(context.in())) {
        Envelope envelope = EnvelopeReader.read(context.input(1));
        client.send(servers, message, envelope);
      }
      return ExitCode.OK;
    } catch (QueueException e) {
      return e.exitCode();
    }
  }

  private List<InetAddress> servers() throws QueueException {
    if (!Files.isDirectory(control.home())) {
      throw new QueueException(ExitCode.HOME, "no home directory");
    }
    try {
      control.line("me"); // only to fail if it cannot be read
      var lines = control.list("qmqpservers");
      return Servers.parse(
          lines.orElseThrow(() -> new QueueException(CONTROLS, "no control/qmqpservers")));
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(CONTROLS, e.getMessage(), e);
    }
  }
}
