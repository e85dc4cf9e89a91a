package org.sluice.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;

/** Attributes of files, for those to whom "missing" means something. */
public final class Attributes {
  private Attributes() {}

  /**
   * As {@link Files#readAttributes(Path, String, java.nio.file.LinkOption...)}. Newer JVMs say of a
   * path through a file (ENOTDIR) that it is missing (ENOENT), which older ones and qmail do not:
   * what is missing may be allowed to be.
   *
   * @throws NoSuchFileException only if it is missing
   * @throws NotDirectoryException if a file is in the place of one of its directories
   */
  public static Map<String, Object> read(Path path, String attributes) throws IOException {
    try {
      return Files.readAttributes(path, attributes);
    } catch (NoSuchFileException e) {
      Path at = path.toAbsolutePath().getParent();
      while (at != null && !Files.exists(at)) {
        at = at.getParent();
      }
      if (at != null && !Files.isDirectory(at)) {
        throw new NotDirectoryException(path.toString());
      }
      throw e;
    }
  }
}
