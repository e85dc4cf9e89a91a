package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.control.cdb.CdbWriter;
import org.sluice.testkit.Vectors;

/** Makes users/cdb of users/assign. */
final class Compiled {
  private Compiled() {}

  static void make(Path home) throws IOException {
    AssignFile assign = AssignFile.read(home.resolve("users/assign"));
    try (var writer = new CdbWriter(home.resolve("users/cdb"))) {
      for (var record : assign.records().entrySet()) {
        writer.add(Vectors.bytes(record.getKey()), Vectors.bytes(record.getValue()));
      }
      writer.add(new byte[0], Vectors.bytes(assign.wildcards()));
      writer.commit();
    }
  }
}
