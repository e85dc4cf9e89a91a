package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}; all operations are positional and thread-safe. */
interface DiskFile extends AutoCloseable {
  /** Writes all that remains in the buffer. */
  void write(ByteBuffer data, long position) throws IOException;

  /** Reads what is there, or -1 at the end. */
  int read(ByteBuffer into, long position) throws IOException;

  /** Makes the contents durable. */
  void force() throws IOException;

  /** Octets in the file. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
