package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.base.Existence;
import org.sluice.base.PathBytes;
import org.sluice.base.SystemError;

/**
 * The .qmail file chosen for an address (spec 40 section 7.1).
 *
 * @param text its contents; empty means the default instructions
 * @param executable whether its owner's x bit is set: forwards only
 * @param defaultPart the value of DEFAULT, if it is set
 */
record DotQmail(String text, boolean executable, Optional<String> defaultPart) {
  /** Octets of a file at most: a larger one is more than we want to have in memory. */
  static final int LIMIT = 16 << 20;

  private static final int OWNER_EXECUTE = 0100;
  private static final String DEFAULT = "default";

  /** Selects and reads the file. */
  static DotQmail find(Path home, String dash, String ext) throws Refusal {
    String prefix = ".qmail" + dash;
    String safe = safe(ext);
    Optional<DotQmail> exact = open(home, prefix + safe, Optional.empty());
    if (exact.isPresent()) {
      return safe.endsWith(DEFAULT)
          ? exact.get().with(ext.substring(ext.length() - DEFAULT.length()))
          : exact.get();
    }
    for (int i = safe.length(); i >= 0; i--) {
      if (i == 0 || safe.charAt(i - 1) == '-') {
        var rest = Optional.of(ext.substring(i));
        Optional<DotQmail> found = open(home, prefix + safe.substring(0, i) + DEFAULT, rest);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    if (!dash.isEmpty()) {
      throw Refusal.permanent("Sorry, no mailbox here by that name. (#5.1.1)");
    }
    return new DotQmail("", false, Optional.empty());
  }

  /** Lower case, ASCII only, and dots as colons. */
  static String safe(String ext) {
    var out = new StringBuilder(ext.length());
    for (int i = 0; i < ext.length(); i++) {
      char c = ext.charAt(i);
      out.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '.' ? ':' : c);
    }
    return out.toString();
  }

  private DotQmail with(String part) {
    return new DotQmail(text, executable, Optional.of(part));
  }

  private static Optional<DotQmail> open(Path home, String name, Optional<String> defaultPart)
      throws Refusal {
    try {
      Optional<Path> path = PathBytes.find(home, name);
      if (path.isEmpty() || Existence.missing(path.get())) {
        return Optional.empty();
      }
      // The type is looked at first: opening a FIFO would block, which qmail's O_NONBLOCK avoids.
      int mode = Home.mode(path.get());
      if ((mode & Home.TYPE) != Home.REGULAR) {
        return Optional.empty();
      }
      String text = read(path.get());
      if ((mode & Home.PATERNALISM) != 0) {
        throw Refusal.temporary("Uh-oh: .qmail file is writable. (#4.7.0)");
      }
      return Optional.of(new DotQmail(text, (mode & OWNER_EXECUTE) != 0, defaultPart));
    } catch (IOException e) {
      if (SystemError.temporary(e) || SystemError.denied(e)) {
        throw Refusal.open(name, e);
      }
      return Optional.empty();
    }
  }

  private static String read(Path path) throws IOException, Refusal {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] octets = in.readNBytes(LIMIT + 1);
      if (octets.length > LIMIT) {
        throw Refusal.temporary("Out of memory. (#4.3.0)");
      }
      return new String(octets, StandardCharsets.ISO_8859_1);
    }
  }
}
