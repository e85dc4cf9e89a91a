package org.sluice.base;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * What tells one version of a file from the next, without reading it. Another owner or mode makes
 * another version: a file that could not be read may be readable now.
 *
 * @param device of the file system
 * @param inode in it
 * @param size in octets
 * @param modified when the content was written last
 * @param changed when anything of the file was changed last, which nobody can set back
 */
public record FileVersion(long device, long inode, long size, FileTime modified, FileTime changed) {
  /**
   * The version of the moment.
   *
   * @throws IOException if there is no such file, or it cannot be looked at
   */
  public static FileVersion of(Path path) throws IOException {
    var file = Attributes.read(path, "unix:dev,ino,size,lastModifiedTime,ctime");
    return new FileVersion(
        (Long) file.get("dev"),
        (Long) file.get("ino"),
        (Long) file.get("size"),
        (FileTime) file.get("lastModifiedTime"),
        (FileTime) file.get("ctime"));
  }
}
