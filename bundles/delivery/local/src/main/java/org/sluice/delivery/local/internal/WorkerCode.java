package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

/** Where the code of a worker comes from. */
@FunctionalInterface
interface WorkerCode {
  /** Takes jars. */
  @FunctionalInterface
  interface Jars {
    /** Another jar on the class path of the worker. */
    OutputStream next() throws IOException;
  }

  /** Copies everything beside the Java platform that these classes need. */
  void copy(Set<Class<?>> classes, Jars to) throws IOException;
}
