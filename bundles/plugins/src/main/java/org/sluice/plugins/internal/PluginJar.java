package org.sluice.plugins.internal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a jar held when it was read: a whole bundle. The copy is what gets installed, so that nobody
 * can change it between the check and the use.
 *
 * @param name its symbolic name
 * @param content length and CRC-32 of the whole file: who can write there needs no collision
 * @param turn when it starts, if it is there at the start
 * @param copy until {@link #discard}; empty if there never was one
 */
record PluginJar(String name, Version version, String content, Turn turn, Optional<Path> copy) {

  /**
   * Copies a file and looks through the copy.
   *
   * @throws UnusableException if it is not a complete bundle
   * @throws IOException if it cannot be read or copied
   */
  static PluginJar read(Path file, Path copy) throws IOException {
    String content = copy(file, copy);
    try (var jar = new JarFile(copy.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      for (JarEntry entry : jar.stream().toList()) {
        check(jar, entry);
      }
      if (manifest == null) {
        throw new UnusableException("is no bundle: it has no manifest");
      }
      return of(manifest.getMainAttributes(), content, copy);
    } catch (UnusableException e) {
      Files.deleteIfExists(copy);
      throw e;
    } catch (IOException | RuntimeException e) { // names in it that are none
      Files.deleteIfExists(copy);
      throw new UnusableException("is not a complete jar: " + e.getMessage());
    }
  }

  private static String copy(Path file, Path copy) throws IOException {
    try {
      return checked(file, copy);
    } catch (IOException e) {
      Files.deleteIfExists(copy); // or tries on a full disk would keep it full
      throw e;
    }
  }

  private static String checked(Path file, Path copy) throws IOException {
    try (var out = new CheckedOutputStream(Files.newOutputStream(copy), new CRC32())) {
      long length = Files.copy(file, out);
      return length + " " + out.getChecksum().getValue();
    } catch (AccessDeniedException e) {
      throw new UnusableException("cannot be read: permission denied");
    }
  }

  /**
   * What the JVM does not do: a file half overwritten may have the directory of the earlier one.
   */
  private static void check(JarFile jar, JarEntry entry) throws IOException {
    try (var in = new CheckedInputStream(jar.getInputStream(entry), new CRC32())) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      if (entry.getCrc() >= 0 && in.getChecksum().getValue() != entry.getCrc()) {
        throw new UnusableException("is not a complete jar: " + entry.getName() + " is damaged");
      }
    }
  }

  private static PluginJar of(Attributes headers, String content, Path copy) throws IOException {
    String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
    if (name == null || !"2".equals(headers.getValue(Constants.BUNDLE_MANIFESTVERSION))) {
      throw new UnusableException(
          "is no bundle: its manifest lacks "
              + (name == null ? Constants.BUNDLE_SYMBOLICNAME : "Bundle-ManifestVersion: 2"));
    }
    String version = headers.getValue(Constants.BUNDLE_VERSION);
    try {
      return new PluginJar(
          name.split(";", 2)[0].strip(),
          Version.parseVersion(version),
          content,
          Turn.of(headers::getValue),
          Optional.of(copy));
    } catch (IllegalArgumentException e) {
      throw new UnusableException("is no bundle: its Bundle-Version cannot be used: " + version);
    }
  }

  /** What is known of a bundle whose jar has not been seen: another content than every jar's. */
  static PluginJar unknown(String name, Version version, Turn turn) {
    return new PluginJar(name, version, "", turn, Optional.empty());
  }

  /** The framework has at most one bundle of an identity. */
  String identity() {
    return name + " " + version;
  }

  InputStream open() throws IOException {
    return Files.newInputStream(copy.orElseThrow());
  }

  /**
   * Makes sure that the framework, which will make one more copy, has room for it.
   *
   * @param scratch is there only meanwhile
   */
  void room(Path scratch) throws IOException {
    try {
      Files.copy(copy.orElseThrow(), scratch, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  /** It has been installed, or never will be. */
  void discard() {
    copy.map(Path::toFile).ifPresent(File::delete); // else it goes with the framework's cache
  }
}
