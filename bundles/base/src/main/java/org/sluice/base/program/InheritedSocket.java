package org.sluice.base.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for a child process to have as descriptors 0 and 1. Java offers only files and pipes
 * for that, but its own pipelines start a process on any descriptor that a redirect holds: those
 * redirects are made here, by reflection. The JVM allows it if it was started with {@code
 * --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 *
 * <p>It is two copies of the descriptor, made with dup(2): the JDK's code between fork and exec
 * moves each to its place and closes it. Used by one thread.
 */
final class InheritedSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InheritedSocket.class);
  private static final Optional<Access> ACCESS = Access.find();

  private final Access access;
  private final int in;
  private final int out;

  private InheritedSocket(Access access, SocketChannel channel) throws IOException {
    this.access = access;
    this.in = access.copy(access.number(channel));
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException(); // the number was somebody else's by then
      }
      access.block(in);
      this.out = access.copy(in);
    } catch (IOException | RuntimeException e) {
      access.close(in);
      throw e;
    }
  }

  /**
   * Copies of a connection, which goes on as it is; empty if this JVM does not allow it. Those who
   * share the connection read and write it blocking from now on, as programs expect it.
   */
  static Optional<InheritedSocket> of(SocketChannel channel) throws IOException {
    return ACCESS.isEmpty()
        ? Optional.empty()
        : Optional.of(new InheritedSocket(ACCESS.get(), channel));
  }

  /** Makes it descriptors 0 and 1 of a process that is started before this is closed. */
  void redirect(ProcessBuilder builder) throws IOException {
    builder.redirectInput(access.redirect(in)).redirectOutput(access.redirect(out));
  }

  /** Closes the copies, which does not shut the connection down. */
  @Override
  public void close() throws IOException {
    try {
      access.close(in);
    } finally {
      access.close(out);
    }
  }

  /** What the JDK does not export. */
  private record Access(
      Method numberOf,
      Method dup,
      Method block,
      Method descriptor,
      Method assign,
      Constructor<?> redirect,
      Method held) {

    static Optional<Access> find() {
      try {
        Class<?> channel = type("sun.nio.ch.SelChImpl");
        Class<?> inherited = type("sun.nio.ch.InheritedChannel");
        Class<?> util = type("sun.nio.ch.IOUtil");
        Class<?> redirect = type("java.lang.ProcessBuilder$RedirectPipeImpl");
        Constructor<?> constructor = redirect.getDeclaredConstructor();
        constructor.setAccessible(true);
        return Optional.of(
            new Access(
                method(channel, "getFDVal"),
                method(inherited, "dup", int.class),
                method(util, "configureBlocking", FileDescriptor.class, boolean.class),
                method(util, "newFD", int.class),
                method(util, "setfdVal", FileDescriptor.class, int.class),
                constructor,
                method(redirect, "getFd")));
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        LOG.debug("programs get pipes in the place of connections: {}", e.toString());
        return Optional.empty();
      }
    }

    /** Of the JDK itself, past the loaders of bundles. */
    private static Class<?> type(String name) throws ClassNotFoundException {
      return Class.forName(name, true, null);
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters)
        throws NoSuchMethodException {
      Method method = type.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    }

    int number(SocketChannel channel) throws IOException {
      return (Integer) call(numberOf, channel);
    }

    int copy(int number) throws IOException {
      return (Integer) call(dup, null, number);
    }

    /** A channel that a virtual thread has used is not blocking, and all copies share that. */
    void block(int number) throws IOException {
      call(block, null, call(descriptor, null, number), true);
    }

    Redirect redirect(int number) throws IOException {
      try {
        Object made = redirect.newInstance();
        call(assign, null, call(held, made), number);
        return (Redirect) made;
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }

    void close(int number) throws IOException {
      new FileOutputStream((FileDescriptor) call(descriptor, null, number)).close();
    }

    private static Object call(Method method, Object target, Object... arguments)
        throws IOException {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IOException(e);
      }
    }
  }
}
