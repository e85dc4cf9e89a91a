package org.sluice.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What tells one version of a file from the next, without reading it.
 *
 * @param key the inode, where there are such
 * @param size in octets
 * @param modified milliseconds since 1970
 */
public record FileVersion(String key, long size, long modified) {
  /**
   * The version of the moment.
   *
   * @throws IOException if there is no such file, or it cannot be looked at
   */
  public static FileVersion of(Path path) throws IOException {
    var file = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileVersion(
        String.valueOf(file.fileKey()), file.size(), file.lastModifiedTime().toMillis());
  }
}
