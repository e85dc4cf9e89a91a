package org.sluice.base;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The services of one kind that are there now: by service.ranking, higher first, then by
 * service.id. One that leaves is waited for while calls are inside it. Thread-safe.
 */
public final class RankedServices<T> {
  /** One service asked a question. */
  @FunctionalInterface
  public interface Question<T, R> {
    /** Empty if another service should be asked. */
    Optional<R> ask(T service) throws IOException, InterruptedException;
  }

  private record Entry<T>(T service, int ranking, long id, Uses uses) {}

  private static final Comparator<Entry<?>> ORDER =
      Comparator.<Entry<?>>comparingInt(Entry::ranking).reversed().thenComparingLong(Entry::id);

  private final CopyOnWriteArrayList<Entry<T>> entries = new CopyOnWriteArrayList<>();
  private final Duration drain;

  /**
   * @param drain how long {@link #remove} waits at most
   */
  public RankedServices(Duration drain) {
    this.drain = drain;
  }

  /** A service came, with its service properties. */
  public void add(T service, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    long id = properties.get("service.id") instanceof Long l ? l : Long.MAX_VALUE;
    entries.add(new Entry<>(service, ranking, id, new Uses()));
    entries.sort(ORDER);
  }

  /**
   * A service goes: from now on it is not asked; returns when no call is inside it.
   *
   * @return false if calls were still inside it when the time was up; they have been interrupted
   */
  public boolean remove(T service) {
    boolean left = true;
    for (Entry<T> entry : entries) {
      if (entry.service == service) {
        entries.remove(entry);
        left &= entry.uses.drain(drain);
      }
    }
    return left;
  }

  /**
   * Asks one service after the other until one answers.
   *
   * @return empty if none does
   * @throws IOException if none answers, and one of them threw it
   */
  public <R> Optional<R> ask(Question<? super T, R> question)
      throws IOException, InterruptedException {
    IOException trouble = null;
    for (Entry<T> entry : entries) {
      Optional<Uses.Stay> stay = entry.uses.enter();
      if (stay.isPresent()) {
        try {
          Optional<R> answer = question.ask(entry.service);
          if (answer.isPresent()) {
            return answer;
          }
        } catch (IOException e) {
          trouble = e;
        } finally {
          stay.get().close();
        }
      }
    }
    if (trouble != null) {
      throw trouble;
    }
    return Optional.empty();
  }

  /** Whether there is none now. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Shows each service, in order, to something that asks it nothing that can fail. */
  public void forEach(Consumer<? super T> visitor) {
    for (Entry<T> entry : entries) {
      Optional<Uses.Stay> stay = entry.uses.enter();
      if (stay.isPresent()) {
        try {
          visitor.accept(entry.service);
        } finally {
          stay.get().close();
        }
      }
    }
  }
}
