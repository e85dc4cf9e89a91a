package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.Threads;

/**
 * Deliveries of a server that runs as root to other users: each in a process with that user's
 * rights and no others, so that nothing in a user's directories makes the server read or write what
 * the user could not.
 */
final class Workers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofDays(1);
  private final Agents agents;
  private final Map<String, String> common;
  private final WorkerPool pool;
  private final Duration limit;
  private final ThreadFactory threads = Threads.platform("sluice-worker-");
  private final WorkerClassSets classes;

  /**
   * Without a worker yet.
   *
   * @param common properties that all agents get in a worker
   * @param limit of one delivery, after which it is killed
   */
  Workers(
      Agents agents,
      WorkerCode code,
      Map<String, String> common,
      WorkerPool.Limits limits,
      Duration limit) {
    this.agents = agents;
    this.classes = new WorkerClassSets(code);
    this.common = Map.copyOf(common);
    this.pool = new WorkerPool(limits);
    this.limit = limit;
  }

  /** The delivery, by a worker of the user. */
  DeliveryResult deliver(Arguments arguments, WorkerOrder order, Attempt attempt)
      throws InterruptedException {
    var user = new WorkerUser(arguments.user().uid(), arguments.user().gid(), agents.asUser());
    Optional<Worker> worker;
    try {
      worker = pool.take(user, () -> start(user));
    } catch (IOException e) {
      LOG.warn("no process for uid {}", user.uid(), e);
      return SpawnReport.of(SpawnReport.EXEC);
    }
    if (worker.isEmpty()) {
      return new DeliveryResult.TempFail(
          "Too many deliveries to this user or to others at the moment. (#4.3.0)\n",
          Optional.of(SOON));
    }
    boolean whole = false;
    try {
      DeliveryResult result = await(worker.get(), arguments, order, attempt);
      whole = true;
      return result;
    } catch (ExecutionException | TimeoutException e) {
      if (e.getCause() instanceof Refusal refusal) {
        return new DeliveryResult.TempFail(refusal.getMessage() + "\n");
      }
      LOG.warn("message {}: the process of uid {} failed", attempt.id().value(), user.uid(), e);
      return new DeliveryResult.TempFail("qmail-local crashed.\n");
    } finally {
      if (!whole) {
        worker.get().kill();
      }
      pool.giveBack(worker.get());
    }
  }

  /** In a thread of its own, for pipes do not heed interrupts. */
  private DeliveryResult await(
      Worker worker, Arguments arguments, WorkerOrder order, Attempt attempt)
      throws InterruptedException, ExecutionException, TimeoutException {
    var report = new Report();
    var conversation =
        new FutureTask<>(
            () ->
                worker.deliver(
                    arguments,
                    order,
                    attempt.message(),
                    report,
                    call -> help(call, arguments, attempt)));
    threads.newThread(conversation).start();
    Exit exit = conversation.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    // The worker is in its user's hands, who might like to be served in a loop, or to have an
    // instant that no clock reaches.
    Optional<Duration> after =
        exit.retryAfter()
            .map(d -> d.compareTo(SOON) < 0 ? SOON : d)
            .map(d -> d.compareTo(LATEST) > 0 ? LATEST : d);
    return SpawnReport.of(new Exit(exit.status(), after), report.text());
  }

  /** An agent that works with the server's rights; those for the user's are not called here. */
  private DeliveryResult help(Frame call, Arguments arguments, Attempt attempt)
      throws IOException, InterruptedException {
    String kind = call.text();
    if (agents.asUser().containsKey(kind)) {
      return Agents.none(kind);
    }
    if (call.kind() == Frame.Kind.HAS) {
      return agents.missing(kind).orElse(new DeliveryResult.Delivered(""));
    }
    var variables = new Variables(arguments);
    var printed = new Report();
    DeliveryResult result =
        agents.call(
            kind,
            new Delivery(
                call.text(),
                arguments.user(),
                new ReversePath(call.text()),
                variables.recipient(),
                variables.returnPath(),
                variables.deliveredTo(),
                call.text(),
                call.map(),
                attempt.message(),
                attempt.queue(),
                printed,
                printed));
    return printed.text().isEmpty() ? result : after(printed.text(), result);
  }

  private static DeliveryResult after(String printed, DeliveryResult result) {
    if (result instanceof DeliveryResult.Delivered done) {
      return new DeliveryResult.Delivered(printed + done.detail());
    }
    if (result instanceof DeliveryResult.DeliveredStop stop) {
      return new DeliveryResult.DeliveredStop(printed + stop.detail());
    }
    if (result instanceof DeliveryResult.PermFail failure) {
      return new DeliveryResult.PermFail(printed + failure.why());
    }
    var deferral = (DeliveryResult.TempFail) result;
    return new DeliveryResult.TempFail(printed + deferral.why(), deferral.retryAfter());
  }

  private Worker start(WorkerUser user) throws IOException {
    return Worker.start(user, common, classes.of(user.agents()));
  }

  /** Those at work end when their deliveries do. */
  @Override
  public void close() {
    pool.close();
    classes.close();
  }
}
