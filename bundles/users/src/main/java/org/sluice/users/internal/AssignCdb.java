package org.sluice.users.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.control.cdb.Cdb;

/**
 * users/cdb, opened for one look-up: qmail-newu replaces the file, and a channel that an interrupt
 * may close is not shared.
 */
record AssignCdb(Path file, Cdb cdb) implements Assignments, Closeable {
  static AssignCdb open(Path file) throws IOException {
    return new AssignCdb(file, Cdb.open(file));
  }

  @Override
  public Optional<String> get(String key) throws IOException {
    return cdb.get(key.getBytes(StandardCharsets.ISO_8859_1))
        .map(data -> new String(data, StandardCharsets.ISO_8859_1));
  }

  @Override
  public String wildcards() throws IOException {
    return get("").orElseThrow(() -> new IOException(file + " was not made by qmail-newu"));
  }

  @Override
  public void close() throws IOException {
    cdb.close();
  }
}
