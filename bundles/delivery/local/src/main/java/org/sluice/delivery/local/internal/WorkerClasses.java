package org.sluice.delivery.local.internal;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.base.PathBytes;

/**
 * Copies of the classes that a worker needs, in a directory that every user may read: a bundle's
 * jar may be in one that only the server may.
 */
final class WorkerClasses implements AutoCloseable {
  private final Path directory;
  private final List<Path> copies = new ArrayList<>();

  private WorkerClasses(Path directory) {
    this.directory = directory;
  }

  /** Copies what the worker itself needs and these agents. */
  static WorkerClasses of(WorkerCode code, Collection<UserAgent> agents) throws IOException {
    Set<Class<?>> roots = new LinkedHashSet<>();
    Collections.addAll(roots, DeliveryAgent.class, PathBytes.class, WorkerMain.class);
    agents.forEach(agent -> roots.add(agent.agent().getClass()));
    var classes = new WorkerClasses(Files.createTempDirectory("sluice-worker-"));
    boolean done = false;
    try {
      allow(classes.directory, "rwxr-xr-x");
      code.copy(roots, classes::next);
      done = true;
      return classes;
    } finally {
      if (!done) {
        classes.close();
      }
    }
  }

  private OutputStream next() throws IOException {
    Path copy = Files.createFile(directory.resolve(copies.size() + ".jar"));
    copies.add(copy);
    allow(copy, "rw-r--r--");
    return Files.newOutputStream(copy);
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** As the option -cp takes it. */
  String path() {
    return copies.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  @Override
  public void close() throws IOException {
    for (Path copy : copies) {
      Files.deleteIfExists(copy);
    }
    Files.deleteIfExists(directory);
  }
}
