package org.sluice.net.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.control.cdb.Cdb;

/** A rules.cdb as tcprules writes it. */
final class CdbRules implements RuleFile.Database {
  private final Cdb cdb;
  private final boolean brackets;

  private CdbRules(Cdb cdb) {
    this.cdb = cdb;
    this.brackets = brackets(cdb);
  }

  static CdbRules open(Path path) throws IOException {
    return new CdbRules(Cdb.open(path));
  }

  private static boolean brackets(Cdb cdb) {
    try {
      return cdb.anyKey((byte) '[');
    } catch (IOException e) {
      return true; // a look-up may yet find what it needs, or will say what is wrong
    }
  }

  @Override
  public boolean brackets() {
    return brackets;
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
