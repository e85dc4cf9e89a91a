package org.sluice.base.spawn;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads commands from a pipe, as they come. For one thread. */
final class SpawnCommands {
  /** Octets of a field; an address of qmail-queue's has 1002 at most. */
  static final int LONGEST = 1 << 20;

  private static final int BLOCK = 4096;
  private final InputStream in;
  private boolean whole;

  SpawnCommands(InputStream in) {
    this.in = new BufferedInputStream(in, BLOCK);
  }

  /** The next command; empty at the end, to which a command that is not complete belongs. */
  Optional<SpawnCommand> next() throws IOException {
    int slot = in.read();
    if (slot < 0) {
      return Optional.empty();
    }
    whole = true;
    try {
      return Optional.of(new SpawnCommand(slot, field(), field(), field(), whole));
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private String field() throws IOException {
    var octets = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != 0; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException();
      }
      if (octets.size() < LONGEST) {
        octets.write(octet);
      } else {
        whole = false;
      }
    }
    return octets.toString(StandardCharsets.ISO_8859_1);
  }
}
