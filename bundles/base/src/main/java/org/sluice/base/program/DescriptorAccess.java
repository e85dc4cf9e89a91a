package org.sluice.base.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptors by number, for child processes to inherit, which the JDK does not export. Java offers
 * only files and its own pipes for that, but its pipelines start a process on any descriptor that a
 * redirect holds: those redirects are made here, by reflection. The JVM allows it if it was started
 * with {@code --add-opens java.base/java.lang=ALL-UNNAMED --add-opens
 * java.base/sun.nio.ch=ALL-UNNAMED}. Thread-safe.
 */
record DescriptorAccess(
    Method numberOf,
    Method dup,
    Method block,
    Method descriptor,
    Method assign,
    Constructor<?> redirect,
    Method held) {
  private static final Logger LOG = LoggerFactory.getLogger(DescriptorAccess.class);
  private static final Optional<DescriptorAccess> GRANTED = find();

  /** Empty if this JVM does not allow it. */
  static Optional<DescriptorAccess> granted() {
    return GRANTED;
  }

  private static Optional<DescriptorAccess> find() {
    try {
      Class<?> channel = type("sun.nio.ch.SelChImpl");
      Class<?> inherited = type("sun.nio.ch.InheritedChannel");
      Class<?> util = type("sun.nio.ch.IOUtil");
      Class<?> redirect = type("java.lang.ProcessBuilder$RedirectPipeImpl");
      Constructor<?> constructor = redirect.getDeclaredConstructor();
      constructor.setAccessible(true);
      return Optional.of(
          new DescriptorAccess(
              method(channel, "getFDVal"),
              method(inherited, "dup", int.class),
              method(util, "configureBlocking", FileDescriptor.class, boolean.class),
              method(util, "newFD", int.class),
              method(util, "setfdVal", FileDescriptor.class, int.class),
              constructor,
              method(redirect, "getFd")));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      LOG.debug("programs get pipes of the JVM in the place of connections: {}", e.toString());
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

  /** Of a socket or of an end of a pipe. */
  int number(Channel channel) throws IOException {
    return (Integer) call(numberOf, channel);
  }

  /** Of dup(2). */
  int copy(int number) throws IOException {
    return (Integer) call(dup, null, number);
  }

  /** A channel that a virtual thread has used is not blocking, and all copies share that. */
  void block(int number) throws IOException {
    call(block, null, call(descriptor, null, number), true);
  }

  /** Begins a process with it; this process's own stays open. */
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

  private static Object call(Method method, Object target, Object... arguments) throws IOException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IOException(e);
    }
  }
}
