package org.sluice.tools.maildir.internal;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.sluice.base.PathBytes;

/** File names that users give. */
final class Names {
  private Names() {}

  /** The path of a name, seen from a directory; the empty name is no file, as in POSIX. */
  static Path resolve(Path directory, String name) throws NoSuchFileException {
    if (name.isEmpty()) {
      throw new NoSuchFileException(name);
    }
    return PathBytes.resolve(directory, name);
  }
}
