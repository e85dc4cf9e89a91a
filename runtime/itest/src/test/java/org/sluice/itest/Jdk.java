package org.sluice.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A JDK of this machine; the feature release is 0 where the JDK does not say which it is. */
record Jdk(Path home, int feature) {
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

  /** The newest of those that {@code lib/find-java} looks at; empty if there is none. */
  static Optional<Jdk> newest() throws IOException {
    List<Path> homes = new ArrayList<>();
    Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(homes::add);
    Path system = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(system)) {
      try (var files = Files.list(system)) {
        files.forEach(homes::add);
      }
    }
    List<Jdk> jdks = new ArrayList<>();
    for (Path home : homes) {
      if (Files.isExecutable(home.resolve("bin/java"))) {
        jdks.add(at(home));
      }
    }
    return jdks.stream().filter(j -> j.feature > 0).max(Comparator.comparingInt(Jdk::feature));
  }

  /** The one that this process runs on. */
  static Jdk running(long pid) throws IOException {
    return at(Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).getParent().getParent());
  }

  private static Jdk at(Path home) throws IOException {
    Path release = home.resolve("release");
    var version = VERSION.matcher(Files.isReadable(release) ? Files.readString(release) : "");
    return new Jdk(home, version.find() ? Integer.parseInt(version.group(1)) : 0);
  }
}
