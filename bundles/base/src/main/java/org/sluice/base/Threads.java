package org.sluice.base;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** A virtual thread where the JVM has them (21 and later), else a platform thread. */
public final class Threads {
  private static final Method OF_VIRTUAL = find();

  private Threads() {}

  /** Whether this JVM has virtual threads. */
  public static boolean virtual() {
    return OF_VIRTUAL != null;
  }

  /** Threads named {@code prefix0}, {@code prefix1} and so on; daemons. */
  public static ThreadFactory factory(String prefix) {
    if (OF_VIRTUAL == null) {
      return platform(prefix);
    }
    try {
      Object builder = OF_VIRTUAL.invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      builder = type.getMethod("name", String.class, long.class).invoke(builder, prefix, 0L);
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads are there but cannot be made", e);
    }
  }

  /** A thread for each task: a new virtual one, or a pooled platform one. Unbounded. */
  public static ExecutorService perTask(String prefix) {
    return OF_VIRTUAL == null ? pooled(prefix) : virtualExecutor(prefix);
  }

  /**
   * Pooled platform threads, for work that is bounded in number and blocks on files: on a virtual
   * thread each such call holds, or replaces, a carrier. Unbounded.
   */
  public static ExecutorService pooled(String prefix) {
    return Executors.newCachedThreadPool(platform(prefix));
  }

  private static ExecutorService virtualExecutor(String prefix) {
    try {
      return (ExecutorService)
          Executors.class
              .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
              .invoke(null, factory(prefix));
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads are there but cannot be made", e);
    }
  }

  /** Platform threads, for calls that would pin a carrier thread. */
  public static ThreadFactory platform(String prefix) {
    var number = new java.util.concurrent.atomic.AtomicLong();
    return task -> {
      var thread = new Thread(task, prefix + number.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static Method find() {
    try {
      return Runtime.version().feature() < 21 ? null : Thread.class.getMethod("ofVirtual");
    } catch (NoSuchMethodException e) {
      return null; // a JVM without them
    }
  }
}
