package org.sluice.stores.log.internal;

import java.io.IOException;
import java.util.List;

/** The file operations of the store, so that a test can cut the power at each of them. */
interface Disk {
  /** Makes a new empty file; the name is durable after {@link #force}. */
  DiskFile create(String name) throws IOException;

  /** Opens a file that exists. */
  DiskFile open(String name) throws IOException;

  /** Gives a file a name that no other has, at once or not at all. */
  void rename(String name, String to) throws IOException;

  /** Removes a file if it is there. */
  void delete(String name) throws IOException;

  /** The plain files of a directory ("" is the top), by their last name. */
  List<String> list(String directory) throws IOException;

  /** Makes the names in a directory durable. */
  void force(String directory) throws IOException;

  /** Octets that can still be written. */
  long free() throws IOException;
}
