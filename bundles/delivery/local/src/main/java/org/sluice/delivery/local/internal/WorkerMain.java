package org.sluice.delivery.local.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.PathBytes;

/**
 * A process that makes deliveries with the rights of one user, one after the other, until its
 * descriptor 0 ends. It runs the server's own code; what needs the server, forwards above all, it
 * asks the server for.
 */
final class WorkerMain implements Caller {
  private static final Path SELF = Path.of("/proc/self");
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Map<String, DeliveryAgent> agents = new HashMap<>();

  private WorkerMain(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Serves the server on descriptors 0 and 1. */
  public static void main(String[] arguments) throws Exception {
    var out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
    System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    var in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    new WorkerMain(in, out).serve();
  }

  private void serve() throws Exception {
    Frame start = Frame.receive(in, Frame.Kind.AGENTS);
    for (long left = start.number(); left > 0; left--) {
      agents.put(start.text(), agent(start.text(), start.map()));
    }
    Frame.of(Frame.Kind.READY)
        .put((Integer) Files.getAttribute(SELF, "unix:uid"))
        .put((Integer) Files.getAttribute(SELF, "unix:gid"))
        .send(out);
    while (true) {
      Frame request;
      try {
        request = Frame.receive(in, Frame.Kind.DELIVER);
      } catch (EOFException e) {
        return; // the server needs us no more
      }
      deliver(request);
    }
  }

  private static DeliveryAgent agent(String type, Map<String, String> properties)
      throws ReflectiveOperationException {
    Class<? extends DeliveryAgent> agent = Class.forName(type).asSubclass(DeliveryAgent.class);
    try {
      return agent.getConstructor(Map.class).newInstance(properties);
    } catch (NoSuchMethodException e) {
      return agent.getConstructor().newInstance();
    }
  }

  private void deliver(Frame request) throws IOException, InterruptedException {
    Arguments arguments = arguments(request);
    String defaults = request.text();
    var report = new Report();
    var around =
        new LocalDelivery.Surroundings(
            request.map(), () -> defaults, WorkerMain::noQueue, new Printer(report, report));
    try (var spool = new Spool()) {
      // All of it at once: the server's next frame follows, whatever becomes of the delivery.
      MessageSource message = spool.keep(in, request.number());
      Exit exit =
          new LocalDelivery(this, Clock.systemUTC()).deliver(arguments, () -> message, around);
      Frame.of(Frame.Kind.EXIT)
          .put(exit.status())
          .put(exit.retryAfter())
          .put(report.text())
          .send(out);
    }
  }

  private static Arguments arguments(Frame request) throws IOException {
    String home = request.text();
    var user =
        new LocalUser(
            request.text(),
            (int) request.number(),
            (int) request.number(),
            PathBytes.find(Path.of("/"), home).orElseThrow(),
            request.text(),
            request.text());
    return new Arguments(user, home, request.text(), request.text(), request.text(), false);
  }

  private static Draft noQueue(Origin origin) throws QueueException {
    throw new QueueException(ExitCode.QUEUE, "forwards are the server's");
  }

  /** An agent of ours, else one of the server's. */
  @Override
  public DeliveryResult call(String kind, Delivery delivery) throws InterruptedException {
    DeliveryAgent agent = agents.get(kind);
    if (agent != null) {
      return Agents.delivered(kind, agent, delivery);
    }
    try {
      return asked(
          Frame.of(Frame.Kind.CALL)
              .put(kind)
              .put(delivery.instruction())
              .put(delivery.sender().address())
              .put(delivery.fromLine())
              .put(delivery.environment()));
    } catch (IOException e) {
      throw new UncheckedIOException("the server has gone", e);
    }
  }

  @Override
  public Optional<DeliveryResult> missing(String kind) {
    try {
      return agents.containsKey(kind)
          ? Optional.empty()
          : Optional.of(asked(Frame.of(Frame.Kind.HAS).put(kind)))
              .filter(result -> !(result instanceof DeliveryResult.Delivered));
    } catch (IOException e) {
      throw new UncheckedIOException("the server has gone", e);
    }
  }

  private DeliveryResult asked(Frame question) throws IOException {
    question.send(out);
    return Frame.receive(in, Frame.Kind.RESULT).result();
  }
}
