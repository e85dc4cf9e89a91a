package org.sluice.net.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.FileVersion;

/** A rules database, opened again when the file is another one than before. */
public final class RuleFile implements RuleSource, Closeable {
  /** Opens a database. */
  @FunctionalInterface
  interface Opener {
    Database open(Path path) throws IOException;
  }

  /** An open database. */
  interface Database extends RuleLookup, Closeable {}

  private final Path path;
  private final Opener opener;
  private final ReentrantLock lock = new ReentrantLock();
  private Database database;
  private FileVersion version;

  /** The rules.cdb at this path. */
  public static RuleFile of(Path path) {
    return new RuleFile(path, CdbRules::open);
  }

  RuleFile(Path path, Opener opener) {
    this.path = path;
    this.opener = opener;
  }

  @Override
  public Verdict check(String ip, String host, String info) throws IOException {
    // One look-up at a time: each takes microseconds, and none may meet a closed database.
    lock.lock();
    try {
      refresh();
      return Rules.check(database, ip, host, info);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (database != null) {
        database.close();
        database = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private void refresh() throws IOException {
    var now = FileVersion.of(path);
    if (database != null && now.equals(version)) {
      return;
    }
    close();
    database = opener.open(path);
    version = now;
  }
}
