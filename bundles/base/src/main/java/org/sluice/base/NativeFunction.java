package org.sluice.base;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A function of the C library by the foreign function interface, which JVMs have from 22 on; found
 * by reflection, since we are compiled for older ones. Costs microseconds. Thread-safe.
 */
public final class NativeFunction {
  private static final String PACKAGE = "java.lang.foreign.";

  /** Octets of a string argument. */
  public static final int LONGEST = 4095;

  private final MethodHandle handle;

  private NativeFunction(MethodHandle handle) {
    this.handle = handle;
  }

  /**
   * Finds a function.
   *
   * @param arguments JAVA_INT or ADDRESS each; the value is an int
   * @return empty if this JVM has no such interface or does not allow it
   */
  public static Optional<NativeFunction> find(String name, String... arguments) {
    if (Runtime.version().feature() < 22) {
      return Optional.empty();
    }
    try {
      return Optional.of(new NativeFunction(link(name, arguments)));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Calls it with ints and strings of at most {@value #LONGEST} bytes.
   *
   * @return its value, or errno as a negative number if it is -1
   * @throws IllegalStateException if they are not what it takes
   */
  public int call(Object... arguments) {
    try (AutoCloseable arena = (AutoCloseable) type("Arena").getMethod("ofConfined").invoke(null)) {
      Object[] all = new Object[arguments.length + 1];
      all[0] = memory(arena);
      for (int i = 0; i < arguments.length; i++) {
        all[i + 1] = arguments[i];
        if (arguments[i] instanceof byte[] octets) {
          all[i + 1] = memory(arena);
          buffer(all[i + 1]).put(octets); // what follows is zero
        }
      }
      int value = (Integer) handle.invokeWithArguments(all);
      return value == -1 ? -buffer(all[0]).getInt() : value;
    } catch (Throwable e) {
      throw new IllegalStateException("a function of the C library cannot be called", e);
    }
  }

  private static MethodHandle link(String name, String... arguments)
      throws ReflectiveOperationException {
    Class<?> layout = type("MemoryLayout");
    Class<?> values = type("ValueLayout");
    Object parameters = Array.newInstance(layout, arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      Array.set(parameters, i, values.getField(arguments[i]).get(null));
    }
    Class<?> descriptors = type("FunctionDescriptor");
    Object descriptor =
        descriptors
            .getMethod("of", layout, parameters.getClass())
            .invoke(null, values.getField("JAVA_INT").get(null), parameters);
    Object options = Array.newInstance(type("Linker$Option"), 1);
    Object errno =
        type("Linker$Option")
            .getMethod("captureCallState", String[].class)
            .invoke(null, (Object) new String[] {"errno"});
    Array.set(options, 0, errno);
    Class<?> linkers = type("Linker");
    Object linker = linkers.getMethod("nativeLinker").invoke(null);
    Object lookup = linkers.getMethod("defaultLookup").invoke(linker);
    Object address =
        ((Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name))
            .orElseThrow(() -> new NoSuchMethodException(name));
    return (MethodHandle)
        linkers
            .getMethod("downcallHandle", type("MemorySegment"), descriptors, options.getClass())
            .invoke(linker, address, descriptor, options);
  }

  private static Object memory(AutoCloseable arena) throws ReflectiveOperationException {
    return type("Arena")
        .getMethod("allocate", long.class, long.class)
        .invoke(arena, LONGEST + 1L, 8L);
  }

  private static ByteBuffer buffer(Object memory) throws ReflectiveOperationException {
    var buffer = (ByteBuffer) type("MemorySegment").getMethod("asByteBuffer").invoke(memory);
    return buffer.order(ByteOrder.nativeOrder());
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(PACKAGE + name);
  }
}
