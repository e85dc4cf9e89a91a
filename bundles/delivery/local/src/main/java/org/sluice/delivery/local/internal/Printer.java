package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Descriptors 1 and 2 of qmail-local.
 *
 * @param out standard output
 * @param err standard error; under the spawner the same stream
 */
record Printer(OutputStream out, OutputStream err) {
  /** Prints text on standard output, in one write. */
  void print(String text) throws IOException {
    write(out, text);
  }

  /** Prints text on standard error, in one write. */
  void complain(String text) throws IOException {
    write(err, text);
  }

  private static void write(OutputStream to, String text) throws IOException {
    if (!text.isEmpty()) {
      to.write(text.getBytes(StandardCharsets.ISO_8859_1));
      to.flush();
    }
  }
}
