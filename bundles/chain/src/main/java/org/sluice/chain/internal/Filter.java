package org.sluice.chain.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** One registered filter with its guard: time limit, concurrency limit, what failure means. */
final class Filter implements Comparable<Filter> {
  private static final Logger LOG = LoggerFactory.getLogger(Filter.class);
  private static final int CONCURRENCY = 100;

  private final Object service;
  private final String name;
  private final Set<String> protocols;
  private final int ranking;
  private final long id;
  private final long seconds;
  private final String onFailure;
  private final boolean shadow;
  private final Semaphore slots;
  private final ExecutorService threads;
  private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;

  Filter(Object service, Map<String, Object> properties, long seconds, ExecutorService threads) {
    this.service = service;
    this.threads = threads;
    this.name = text(properties, FilterProperties.NAME, service.getClass().getName());
    Object only = properties.get(FilterProperties.PROTOCOLS);
    this.protocols =
        only == null
            ? Set.of()
            : only instanceof String[] several ? Set.of(several) : Set.of(only.toString());
    this.ranking = (int) number(properties, "service.ranking", 0);
    this.id = number(properties, "service.id", 0);
    this.seconds = number(properties, FilterProperties.TIMEOUT, seconds);
    this.onFailure = text(properties, FilterProperties.ON_FAILURE, "tempfail");
    this.shadow = text(properties, FilterProperties.MODE, "enforce").equals("shadow");
    this.slots = new Semaphore((int) number(properties, FilterProperties.CONCURRENCY, CONCURRENCY));
  }

  private static String text(Map<String, Object> properties, String key, String otherwise) {
    Object value = properties.get(key);
    return value == null ? otherwise : value.toString();
  }

  private static long number(Map<String, Object> properties, String key, long otherwise) {
    Object value = properties.get(key);
    return value == null ? otherwise : Long.parseLong(value.toString());
  }

  Object service() {
    return service;
  }

  String name() {
    return name;
  }

  boolean serves(String protocol) {
    return protocols.isEmpty() || protocols.contains(protocol);
  }

  /** From now on calls fail with 451, and those under way are interrupted. */
  void remove() {
    gone = true;
    running.forEach(call -> call.cancel(true));
  }

  /** One call on a thread of its own, so that a filter that hangs can be left behind. */
  Verdict call(Callable<Verdict> question) throws InterruptedException {
    if (gone) {
      return replaced();
    }
    if (!slots.tryAcquire()) {
      return failed("too many calls at once", null);
    }
    Future<Verdict> call =
        threads.submit(
            () -> {
              try {
                return question.call();
              } finally {
                slots.release();
              }
            });
    running.add(call);
    try {
      Verdict verdict = call.get(seconds, TimeUnit.SECONDS);
      return verdict == null ? failed("no verdict", null) : decided(verdict);
    } catch (ExecutionException e) {
      return failed("threw", e.getCause());
    } catch (TimeoutException e) {
      return failed("not within " + seconds + " s", null);
    } catch (java.util.concurrent.CancellationException e) {
      return replaced();
    } finally {
      running.remove(call);
      call.cancel(true);
    }
  }

  private Verdict decided(Verdict verdict) {
    if (!(verdict instanceof Verdict.Continue)) {
      LOG.info("filter {}{}: {}", name, shadow ? " (shadow)" : "", verdict);
    }
    return shadow ? Verdict.next() : verdict;
  }

  private static Verdict replaced() {
    return new Verdict.TempFail(Reply.of(451, "4.3.2", "a filter is being replaced, try again"));
  }

  private Verdict failed(String how, Throwable cause) {
    LOG.warn("filter {}: {}, which counts as {}", name, how, shadow ? "nothing" : onFailure, cause);
    if (shadow) {
      return Verdict.next();
    }
    return switch (onFailure) {
      case "accept" -> Verdict.next();
      case "reject" -> new Verdict.Reject(Reply.of(554, "5.3.0", "refused by a filter"));
      case "quarantine" -> new Verdict.Quarantine("filter " + name + " " + how);
      default -> new Verdict.TempFail(Reply.of(451, "4.3.0", "a filter failed, try again"));
    };
  }

  @Override
  public int compareTo(Filter other) {
    int byRanking = Integer.compare(other.ranking, ranking);
    return byRanking != 0 ? byRanking : Long.compare(id, other.id);
  }
}
