package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.slf4j.LoggerFactory;

/** The class path of a test. */
final class PlainCode implements WorkerCode {
  @Override
  public void copy(Set<Class<?>> classes, Jars to) throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    places.add(place(LoggerFactory.class));
    classes.forEach(type -> places.add(place(type)));
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (var jar = new JarOutputStream(to.next());
            var files = Files.walk(place)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            jar.putNextEntry(new JarEntry(place.relativize(file).toString()));
            Files.copy(file, jar);
          }
        }
      } else {
        try (OutputStream out = to.next()) {
          Files.copy(place, out);
        }
      }
    }
  }

  private static Path place(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
