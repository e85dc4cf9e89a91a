package org.sluice.base;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * File names are bytes, here as ISO-8859-1; the JVM wants characters in the system's encoding, and
 * cannot express a name that is none in it. Under an UTF-8 locale all names in UTF-8 can be.
 */
public final class PathBytes {
  private static final Charset SYSTEM =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  /** What decoding puts in the place of bytes that are no character. */
  private static final char REPLACEMENT = '\ufffd';

  /**
   * What the empty name is to open(2): not there, and nothing can be made there, for no process has
   * this number. Java would take it for the directory.
   */
  private static final Path NOTHING = Path.of("/proc/0/nothing");

  private PathBytes() {}

  /**
   * The path with exactly these bytes.
   *
   * @throws InvalidPathException if the JVM cannot express it; its reason says so
   */
  public static Path of(String bytes) {
    byte[] octets = bytes.getBytes(StandardCharsets.ISO_8859_1);
    String decoded = new String(octets, SYSTEM);
    if (!Arrays.equals(octets, decoded.getBytes(SYSTEM))) {
      throw new InvalidPathException(bytes, "not in the system's encoding " + SYSTEM);
    }
    return Path.of(decoded);
  }

  /**
   * {@link #of}, relative names taken from a directory. The empty name is no file's: to open, make
   * or rename what it gives fails with a NoSuchFileException.
   */
  public static Path resolve(Path directory, String bytes) {
    return bytes.isEmpty() ? NOTHING : directory.resolve(of(bytes));
  }

  /** A path's bytes. */
  public static String bytes(Path path) {
    String decoded = path.toString();
    if (decoded.indexOf(REPLACEMENT) < 0) {
      return new String(decoded.getBytes(SYSTEM), StandardCharsets.ISO_8859_1);
    }
    var out = new StringBuilder(path.isAbsolute() ? "/" : "");
    for (Path name : path) {
      out.append(out.length() > 1 ? "/" : "").append(raw(name));
    }
    return out.toString();
  }

  /**
   * A file in a directory, for a name that may be one that the JVM cannot express: that one is
   * looked for in a listing, which takes long in a large directory.
   *
   * @return a path that need not exist; empty if the name cannot be expressed and is not there
   */
  public static Optional<Path> find(Path directory, String bytes) throws IOException {
    try {
      return Optional.of(resolve(directory, bytes));
    } catch (InvalidPathException e) {
      if (bytes.indexOf('\0') >= 0) {
        return Optional.empty();
      }
      int end = withoutSlashes(bytes, bytes.length());
      int slash = bytes.lastIndexOf('/', end - 1);
      String name = bytes.substring(slash + 1, end);
      if (slash < 0) {
        return listed(directory, name);
      }
      // The root is what is left of the slash in front, and of no other.
      String above = bytes.substring(0, Math.max(1, withoutSlashes(bytes, slash)));
      Optional<Path> parent = find(directory, above);
      return parent.isPresent() ? find(parent.get(), name) : Optional.empty();
    }
  }

  /** Where the slashes begin that end there. */
  private static int withoutSlashes(String bytes, int end) {
    int at = end;
    while (at > 0 && bytes.charAt(at - 1) == '/') {
      at--;
    }
    return at;
  }

  private static Optional<Path> listed(Path directory, String name) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (bytes(entry.getFileName()).equals(name)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    } catch (NotDirectoryException | NoSuchFileException e) {
      return Optional.empty();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** A name's bytes by way of its URI, which has them as they are, percent-encoded. */
  private static String raw(Path name) {
    String uri = Path.of("/").resolve(name).toUri().getRawPath();
    var out = new StringBuilder();
    for (int i = 1; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c == '%') {
        out.append((char) HexFormat.fromHexDigits(uri, i + 1, i + 3));
        i += 2;
      } else if (c != '/') { // a directory's name has one at the end
        out.append(c);
      }
    }
    return out.toString();
  }
}
