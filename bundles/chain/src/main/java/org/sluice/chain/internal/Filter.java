package org.sluice.chain.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** One registered filter behind its guard: whatever it does, the caller gets a verdict in time. */
final class Filter {
  private static final Logger LOG = LoggerFactory.getLogger(Filter.class);

  /** What interrupted calls have to return, before the framework takes the service back. */
  static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  /** What transactions are told that had it, or would have had it. */
  static final Verdict REPLACED =
      new Verdict.TempFail(Reply.of(451, "4.3.2", "a filter is being replaced, try again"));

  private final Object service;
  private final FilterSettings settings;
  private final Breaker breaker;
  private final Calls calls;

  Filter(Object service, FilterSettings settings, LongSupplier nanoTime) {
    this.service = service;
    this.settings = settings;
    this.breaker = new Breaker(settings.breaker(), nanoTime);
    this.calls = new Calls(settings.name(), settings.concurrency());
  }

  Object service() {
    return service;
  }

  FilterSettings settings() {
    return settings;
  }

  Breaker breaker() {
    return breaker;
  }

  /** Calls under way now. */
  int running() {
    return calls.running();
  }

  /** From now on calls give 451, as do those under way, which are interrupted and waited for. */
  void remove() {
    calls.end(AFTER_INTERRUPT);
  }

  /**
   * Makes one call; the answer has a verdict that the stage can use. A filter in shadow mode never
   * has another one than Continue, and no changes.
   */
  Answer call(Stage stage, Session session, Callable<Answer> question) throws InterruptedException {
    Breaker.Permit permit = breaker.enter();
    if (permit == Breaker.Permit.REFUSED) {
      return failure(stage);
    }
    try {
      Answer answer = calls.run(question, settings.limit(stage));
      String wrong = wrong(stage, answer.verdict());
      if (!wrong.isEmpty()) {
        answer.close();
        return failed(stage, session, permit, wrong, null);
      }
      if (breaker.succeeded(permit)) {
        LOG.info("filter {}: works again, its breaker is closed", settings.name());
      }
      return decided(stage, session, answer);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LocalTrouble trouble) {
        breaker.left(permit);
        return instead(stage, session, trouble);
      }
      return failed(stage, session, permit, "threw", e.getCause());
    } catch (TimeoutException e) {
      return failed(stage, session, permit, e.getMessage(), null);
    } catch (CancellationException e) {
      breaker.left(permit);
      return settings.shadow() ? Answer.of(Verdict.next()) : Answer.of(REPLACED);
    } catch (InterruptedException e) {
      breaker.left(permit);
      throw e;
    }
  }

  private static String wrong(Stage stage, Verdict verdict) {
    if (verdict == null) {
      return "gave no verdict";
    }
    boolean keeps = verdict instanceof Verdict.Discard || verdict instanceof Verdict.Quarantine;
    return keeps && !stage.inTransaction() ? "cannot answer here with " + verdict : "";
  }

  private Answer decided(Stage stage, Session session, Answer answer) {
    if (!(answer.verdict() instanceof Verdict.Continue)) {
      String mode = settings.shadow() ? " (shadow)" : "";
      LOG.info(
          "{}: filter {}{} at {}: {}",
          session.id(),
          settings.name(),
          mode,
          stage,
          answer.verdict());
    }
    if (settings.shadow()) {
      answer.close();
      return Answer.of(Verdict.next());
    }
    return answer;
  }

  private Answer failed(
      Stage stage, Session session, Breaker.Permit permit, String how, Throwable cause) {
    String counts = settings.shadow() ? "nothing (shadow)" : settings.onFailure().toString();
    LOG.warn(
        "{}: filter {} at {}: {}, which counts as {}",
        session.id(),
        settings.name(),
        stage,
        how,
        counts,
        cause);
    if (breaker.failed(permit)) {
      LOG.warn(
          "filter {}: breaker open for {} s, until then every call counts as {}",
          settings.name(),
          settings.breaker().orElseThrow().window().toSeconds(),
          counts);
    }
    return failure(stage);
  }

  private Answer failure(Stage stage) {
    return Answer.of(
        settings.shadow() ? Verdict.next() : settings.onFailure().verdict(settings.name(), stage));
  }

  private Answer instead(Stage stage, Session session, LocalTrouble trouble) {
    LOG.warn("{}: filter {} at {} not served", session.id(), settings.name(), stage, trouble);
    return Answer.of(settings.shadow() ? Verdict.next() : trouble.verdict());
  }
}
