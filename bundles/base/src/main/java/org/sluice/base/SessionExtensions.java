package org.sluice.base;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extensions that one session has, from its beginning on. Used by the session's thread, but for
 * what {@link ExtensionServices} does when one of them leaves.
 *
 * @param <E> the services' interface
 * @param <H> what one of them does in a session
 */
public final class SessionExtensions<E, H> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionExtensions.class);

  /** One extension and what it does in this session. */
  public record Part<E, H>(Extension<E> extension, H hooks) {}

  /** Which extensions a session is to have. */
  @FunctionalInterface
  public interface Present<E> {
    /**
     * Those of the moment; may wait for some.
     *
     * @throws IOException if there cannot be a session without one that is away
     */
    List<Extension<E>> now() throws IOException, InterruptedException;
  }

  /** What a hook does. */
  @FunctionalInterface
  public interface Call<H, T> {
    /** Calls it. */
    T run(H hooks) throws IOException, InterruptedException;
  }

  private final String id;
  private final Class<? extends IOException> end;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rest = lock.newCondition();
  private final Set<String> lost = new HashSet<>();

  /** Those that were taken away, perhaps before {@link #parts} was known. */
  private final Set<Extension<E>> gone = new HashSet<>();

  private volatile List<Part<E, H>> parts = List.of();
  private boolean resting;
  private boolean leaving;
  private boolean robbed;

  private SessionExtensions(String id, Class<? extends IOException> end) {
    this.id = id;
    this.end = end;
  }

  /**
   * Lets every extension that is there join a session. What one throws is logged, and the session
   * {@link #lacks} it.
   *
   * @param id the session's, for the log
   * @param end what is thrown through extensions when the session has ended
   * @param present those of the moment; asked again if one of them has left since
   * @param join asks one; empty if it has nothing to add to this session
   */
  public static <E, H> SessionExtensions<E, H> join(
      String id,
      Class<? extends IOException> end,
      Present<E> present,
      Function<E, Optional<? extends H>> join)
      throws IOException, InterruptedException {
    var session = new SessionExtensions<E, H>(id, end);
    List<Extension<E>> extensions = present.now();
    while (!session.pin(extensions)) {
      // Else the session would have neither the one that has left nor the one in its place.
      session = new SessionExtensions<>(id, end);
      extensions = present.now();
    }
    session.join(extensions, join);
    return session;
  }

  /** A session without extensions. */
  public static <E, H> SessionExtensions<E, H> none(String id) {
    return new SessionExtensions<>(id, IOException.class);
  }

  /** Enters all of them, or none. */
  private boolean pin(List<Extension<E>> extensions) {
    for (Extension<E> extension : extensions) {
      if (!extension.pin(this)) {
        extensions.forEach(e -> e.release(this));
        return false;
      }
    }
    return true;
  }

  private void join(List<Extension<E>> extensions, Function<E, Optional<? extends H>> join) {
    List<Part<E, H>> joined = new ArrayList<>();
    boolean asked = false;
    try {
      for (Extension<E> extension : extensions) {
        Optional<? extends H> hooks = join(extension, join);
        if (hooks.isPresent()) {
          joined.add(new Part<>(extension, hooks.get()));
        } else {
          extension.release(this);
        }
      }
      asked = true;
    } finally {
      if (!asked) {
        // An Error: else each of them would wait for a session that there is not, when it leaves.
        extensions.forEach(e -> e.release(this));
      }
    }
    lock.lock();
    try {
      parts = joined.stream().filter(part -> !gone.contains(part.extension())).toList();
    } finally {
      lock.unlock();
    }
  }

  private Optional<? extends H> join(
      Extension<E> extension, Function<E, Optional<? extends H>> join) {
    try {
      return Objects.requireNonNull(join.apply(extension.service()), "null");
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("{}: an extension cannot join", id, e);
      lock.lock();
      try {
        lost.add(extension.name());
      } finally {
        lock.unlock();
      }
      return Optional.empty();
    }
  }

  /** The session's name in the log. */
  public String id() {
    return id;
  }

  /** Those that have something to add to this session, in order. */
  public List<Part<E, H>> parts() {
    return parts;
  }

  /** Whether one of these could not join, or has been taken away since. */
  public boolean lacks(Set<String> names) {
    lock.lock();
    try {
      return names.stream().anyMatch(lost::contains);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Calls one of them; what it throws is logged, likewise null.
   *
   * @param failed the result then
   * @throws IOException if that is the session's end
   */
  public <T> T call(Part<E, H> part, Call<? super H, T> call, T failed)
      throws IOException, InterruptedException {
    try {
      T result = call.run(part.hooks());
      if (result != null) {
        return result;
      }
      LOG.warn("{}: {} gave null", id, part.hooks().getClass());
    } catch (IOException e) {
      if (end.isInstance(e)) {
        throw e;
      }
      LOG.warn("{}: an extension failed", id, e);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("{}: an extension failed", id, e);
    }
    return failed;
  }

  /** The session waits for a command and is in the midst of nothing: one may leave it now. */
  public void rest() {
    lock.lock();
    try {
      resting = true;
      rest.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The session goes on, with the extensions that are left. */
  public void resume() {
    lock.lock();
    try {
      resting = false;
    } finally {
      lock.unlock();
    }
  }

  /** The session goes on; false if it is to be told to go, without the extensions' help. */
  public boolean wake() {
    lock.lock();
    try {
      resting = false;
      if (leaving) {
        close();
      }
      return !leaving;
    } finally {
      lock.unlock();
    }
  }

  /** Whether an extension was taken away in the midst of something. */
  public boolean robbed() {
    lock.lock();
    try {
      return robbed;
    } finally {
      lock.unlock();
    }
  }

  /** A session that cannot do without an extension is to go when it {@link #wake}s next. */
  void leave() {
    lock.lock();
    try {
      leaving = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the session rests, or has ended, or the time is up. */
  void awaitRest(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!resting && !parts.isEmpty() && left > 0) {
        left = rest.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes an extension away for good; whether that is in the midst of something. As after {@link
   * #leave}, which may not have been called if whoever removes it was interrupted.
   */
  boolean dismiss(Extension<E> extension) {
    lock.lock();
    try {
      parts = parts.stream().filter(p -> p.extension() != extension).toList();
      gone.add(extension);
      lost.add(extension.name());
      leaving = true;
      robbed |= !resting;
      return !resting;
    } finally {
      lock.unlock();
      extension.release(this);
    }
  }

  /** Lets the extensions go. */
  @Override
  public void close() {
    List<Part<E, H>> left;
    lock.lock();
    try {
      left = parts;
      parts = List.of();
      rest.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(part -> part.extension().release(this));
  }
}
