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

  /** A file of this name, if there is one that counts. */
  @FunctionalInterface
  private interface Look {
    Optional<DotQmail> at(String name, Optional<String> defaultPart) throws Refusal;
  }

  /** Selects and reads the file. */
  static DotQmail find(Path home, String dash, String ext) throws Refusal {
    return select(dash, ext, (name, part) -> look(home, name, path -> open(path, part)));
  }

  /**
   * Throws what {@link #find} would throw for want of a file, and opens none.
   *
   * @param foreign in a home that is not the server's own: links in it are not followed, so that
   *     nobody learns by them what is elsewhere
   */
  static void check(Path home, String dash, String ext, boolean foreign) throws Refusal {
    if (foreign && ext.indexOf('/') >= 0) {
      throw Refusal.temporary("an extension with a directory");
    }
    select(
        dash,
        ext,
        (name, part) ->
            look(
                home,
                name,
                path -> {
                  if (foreign && Files.isSymbolicLink(path)) {
                    throw Refusal.temporary("a link");
                  }
                  return regular(path).isPresent()
                      ? Optional.of(new DotQmail("", false, part))
                      : Optional.empty();
                }));
  }

  private static DotQmail select(String dash, String ext, Look look) throws Refusal {
    String prefix = ".qmail" + dash;
    String safe = safe(ext);
    Optional<DotQmail> exact = look.at(prefix + safe, Optional.empty());
    if (exact.isPresent()) {
      return safe.endsWith(DEFAULT)
          ? exact.get().with(ext.substring(ext.length() - DEFAULT.length()))
          : exact.get();
    }
    for (int i = safe.length(); i >= 0; i--) {
      if (i == 0 || safe.charAt(i - 1) == '-') {
        var rest = Optional.of(ext.substring(i));
        Optional<DotQmail> found = look.at(prefix + safe.substring(0, i) + DEFAULT, rest);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    if (!dash.isEmpty()) {
      throw Refusal.permanent(Lookup.NO_MAILBOX);
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

  /** What is made of a path. */
  @FunctionalInterface
  private interface Use {
    Optional<DotQmail> of(Path path) throws IOException, Refusal;
  }

  private static Optional<DotQmail> look(Path home, String name, Use use) throws Refusal {
    try {
      Optional<Path> path = PathBytes.find(home, name);
      return path.isEmpty() ? Optional.empty() : use.of(path.get());
    } catch (IOException e) {
      if (SystemError.temporary(e) || SystemError.denied(e)) {
        throw Refusal.open(name, e);
      }
      return Optional.empty();
    }
  }

  /** The mode, if that is a file of the right type. */
  private static Optional<Integer> regular(Path path) throws IOException {
    if (Existence.missing(path)) {
      return Optional.empty();
    }
    int mode = Home.mode(path);
    return (mode & Home.TYPE) == Home.REGULAR ? Optional.of(mode) : Optional.empty();
  }

  private static Optional<DotQmail> open(Path path, Optional<String> defaultPart)
      throws IOException, Refusal {
    // The type is looked at first: opening a FIFO would block, which qmail's O_NONBLOCK avoids.
    Optional<Integer> mode = regular(path);
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    String text = read(path);
    if ((mode.get() & Home.PATERNALISM) != 0) {
      throw Refusal.temporary("Uh-oh: .qmail file is writable. (#4.7.0)");
    }
    return Optional.of(new DotQmail(text, (mode.get() & OWNER_EXECUTE) != 0, defaultPart));
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
