package org.sluice.plugins.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What lies in the directories at a moment. */
final class Listing {
  private static final String ATTRIBUTES = "unix:isRegularFile,size,lastModifiedTime,ctime,ino";

  private Listing() {}

  /**
   * The jars in the order of the directories and of their names, each with a state that changes
   * when the file does. A directory that is not there has none; of one that cannot be read nothing
   * is known, so that its files count as they did.
   */
  static Map<Path, String> of(List<Path> directories, Collection<PluginFile> known) {
    Map<Path, String> found = new LinkedHashMap<>();
    for (Path directory : directories) {
      try {
        found.putAll(jars(directory));
      } catch (NoSuchFileException | NotDirectoryException e) {
        // not there yet, or not any more
      } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
        known.stream()
            .filter(file -> file.path().getParent().equals(directory))
            .forEach(file -> found.put(file.path(), file.seen()));
      }
    }
    return found;
  }

  private static Map<Path, String> jars(Path directory) throws IOException {
    Map<Path, String> jars = new TreeMap<>();
    try (var files = Files.newDirectoryStream(directory, "[!.]*.jar")) {
      for (Path file : files) {
        try {
          Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
          if (Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            jars.put(file, new TreeMap<>(attributes).toString());
          }
        } catch (NoSuchFileException e) {
          // removed since
        }
      }
    }
    return jars;
  }
}
