package org.sluice.plugins.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lies in the directories at a moment. Nothing is opened.
 *
 * @param jars in the order of the directories and of their names, each with a state that changes
 *     when the file does
 * @param troubles of what cannot be a plugin or of which nothing can be known, and why, to be read
 *     after its name
 * @param blind the directories that could not be read
 */
record Listing(Map<Path, String> jars, Map<Path, String> troubles, List<Path> blind) {
  private static final String ATTRIBUTES = "unix:isRegularFile,size,lastModifiedTime,ctime,ino";

  /**
   * A directory that is not there has no jars; what cannot be looked at, a directory or a file,
   * counts as it did.
   */
  static Listing of(List<Path> directories, Collection<PluginFile> known) {
    Map<Path, String> jars = new LinkedHashMap<>();
    Map<Path, String> troubles = new TreeMap<>();
    List<Path> blind = new ArrayList<>();
    for (Path directory : directories) {
      try {
        jars.putAll(jars(directory, known, troubles));
      } catch (NoSuchFileException | NotDirectoryException e) {
        // not there yet, or not any more
      } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
        blind.add(directory);
        troubles.put(
            directory, "cannot be read, its plugins stay as they were: " + Reasons.root(e));
        known.stream()
            .filter(file -> file.path().getParent().equals(directory))
            .forEach(file -> jars.put(file.path(), file.seen()));
      }
    }
    return new Listing(jars, troubles, blind);
  }

  private static Map<Path, String> jars(
      Path directory, Collection<PluginFile> known, Map<Path, String> troubles) throws IOException {
    Map<Path, String> jars = new TreeMap<>();
    try (var files = Files.newDirectoryStream(directory, "[!.]*.jar")) {
      for (Path file : files) {
        try {
          Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
          if (Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            jars.put(file, new TreeMap<>(attributes).toString());
          } else {
            troubles.put(file, "is not a file");
          }
        } catch (NoSuchFileException e) {
          if (Files.isSymbolicLink(file)) { // else removed since
            troubles.put(file, "is a link to what is not there");
          }
        } catch (IOException e) {
          troubles.put(file, "cannot be looked at: " + Reasons.root(e));
          known.stream()
              .filter(other -> other.path().equals(file))
              .forEach(other -> jars.put(file, other.seen()));
        }
      }
    }
    return jars;
  }
}
