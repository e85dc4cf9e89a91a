package org.sluice.plugins.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.sluice.testkit.TestContext;

/** A real framework and two directories; scans come when the test wants them. */
final class Bench implements Journal {
  /** Long for what ends, short for what does not. */
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2));

  final Path first;
  final Path second;
  final List<String> told = new ArrayList<>();
  private final Path cache;
  private final Framework framework;
  private Plugins plugins;

  Bench(Path directory) throws BundleException, IOException {
    first = Files.createDirectories(directory.resolve("first"));
    second = Files.createDirectories(directory.resolve("second"));
    cache = directory.resolve("cache");
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    cache.toString(),
                    "sluice.plugins", // for the activator
                    first + "," + second,
                    "felix.log.level",
                    "0"));
    framework.start();
    anew();
  }

  /** As when this bundle is stopped and started: what it knew is gone, what it did is not. */
  void anew() {
    plugins = new Plugins(context(), List.of(first, second), this, LIMITS);
    context().addBundleListener(event -> plugins.changed());
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  @Override
  public void info(String text) {
    told.add(text);
  }

  @Override
  public void warn(String text) {
    told.add("! " + text);
  }

  @Override
  public void error(String text) {
    told.add("!! " + text);
  }

  /** What has been told since the last call, with only the names of the files. */
  String told() {
    String all = String.join("\n", told).replaceAll("/\\S*/", "");
    told.clear();
    return all;
  }

  void begin() throws InterruptedException {
    plugins.scan(Stage.ALL);
  }

  /** As the start of the server does. */
  void begin(Plugins.Patience patience) throws InterruptedException {
    plugins.begin(patience);
  }

  /** Whether the framework has no room for further bundles; what is copied to be checked has. */
  void full(boolean full) {
    for (int id = 1; id < 100; id++) {
      Path room = cache.resolve("bundle" + id);
      try {
        if (full && !Files.exists(room)) {
          Files.createFile(room);
        } else if (!full && Files.isRegularFile(room)) {
          Files.delete(room);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The copies of plugins' jars that are there. */
  List<Path> copies() throws IOException {
    try (var files = Files.list(context().getDataFile("").toPath())) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  /** So many that everything has settled. */
  void scans() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      plugins.scan();
    }
  }

  /** One scan, as in the middle of a copy. */
  void scan() throws InterruptedException {
    plugins.scan();
  }

  Optional<Bundle> find(String name) {
    for (Bundle bundle : context().getBundles()) {
      if (name.equals(bundle.getSymbolicName())) {
        return Optional.of(bundle);
      }
    }
    return Optional.empty();
  }

  Bundle bundle(String name) {
    return find(name).orElseThrow(() -> new AssertionError("no bundle " + name));
  }

  /** Name, version, label and whether it runs, of all; each in brackets. */
  String state() {
    var all = new TreeSet<String>();
    for (Bundle bundle : context().getBundles()) {
      if (bundle.getBundleId() != 0) {
        String runs = bundle.getState() == Bundle.ACTIVE ? "" : " off";
        String label = bundle.getHeaders().get("Label");
        all.add(bundle.getSymbolicName() + " " + bundle.getVersion() + " " + label + runs);
      }
    }
    return all.toString();
  }

  /** What the program prints. */
  String status(String... arguments) throws IOException {
    var context = new TestContext(List.of(arguments));
    if (new PluginsProgram(plugins).run(context) != 0) {
      throw new AssertionError(context.stderr());
    }
    return context.stdout().replaceAll("/\\S*/", "");
  }

  void close() throws BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(20_000);
  }
}
