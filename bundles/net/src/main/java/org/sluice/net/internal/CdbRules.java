package org.sluice.net.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.control.cdb.Cdb;

/** A rules.cdb as tcprules writes it. */
final class CdbRules implements RuleFile.Database {
  private final Cdb cdb;

  private CdbRules(Cdb cdb) {
    this.cdb = cdb;
  }

  static CdbRules open(Path path) throws IOException {
    return new CdbRules(Cdb.open(path));
  }

  @Override
  public Optional<byte[]> get(byte[] key) throws IOException {
    return cdb.get(key);
  }

  @Override
  public void close() throws IOException {
    cdb.close();
  }
}
