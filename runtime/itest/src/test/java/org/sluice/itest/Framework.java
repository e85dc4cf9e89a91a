package org.sluice.itest;

import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The distribution's bundles in a Felix that Pax Exam runs inside the test's own JVM. */
final class Framework implements BeforeAllCallback, AfterAllCallback {
  private final String name;
  private final Map<String, String> configurations;
  private TestContainer container;
  private BundleContext context;
  private Path home;

  Framework(String name) {
    this(name, Map.of());
  }

  /** With configurations besides the distribution's, by file name. */
  Framework(String name, Map<String, String> configurations) {
    this.name = name;
    this.configurations = configurations;
  }

  Path home() {
    return home;
  }

  Bundle bundle(String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("no bundle " + symbolicName);
  }

  BundleContext context() {
    return context;
  }

  @Override
  public void beforeAll(ExtensionContext test) throws Exception {
    // The command makes the home directory; the framework is ours.
    var server = new Server(name, Map.of());
    server.sluice("mailbox", "add", Server.user());
    home = server.home;
    Path conf = Files.createDirectories(home.resolve("conf"));
    for (var entry : configurations.entrySet()) {
      Files.writeString(conf.resolve(entry.getKey()), entry.getValue());
    }
    List<Option> options = new ArrayList<>();
    options.add(frameworkProperty("sluice.home").value(home.toString()));
    options.add(frameworkProperty("felix.fileinstall.dir").value(Server.DIST + "/conf," + conf));
    options.add(frameworkProperty("felix.fileinstall.filter").value(".*\\.cfg"));
    options.add(frameworkProperty("felix.fileinstall.tmpdir").value(home + "/run/fileinstall"));
    options.add(frameworkProperty("felix.fileinstall.noInitialDelay").value("true"));
    options.add(frameworkProperty("felix.fileinstall.enableConfigSave").value("false"));
    options.add(systemProperty("sluice.address").value("127.0.0.1"));
    options.add(systemProperty("sluice.smtp.port").value("0"));
    options.add(systemProperty("sluice.pop3.port").value("0"));
    options.add(systemProperty("sluice.allow.root").value("true"));
    options.add(systemProperty("sluice.dist").value(Server.DIST.toString()));
    options.add(systemProperty("sluice.home").value(home.toString()));
    for (String directory : List.of("bundle", "plugins")) {
      for (Path jar : jars(directory)) {
        options.add(bundleOf(jar));
      }
    }
    ExamSystem system = PaxExamRuntime.createServerSystem(options.toArray(new Option[0]));
    container = PaxExamRuntime.createContainer(system);
    container.start();
    context = ((NativeTestContainer) container).getSystemBundle().getBundleContext();
    Poll.until("the listener is up", 30_000, () -> Files.exists(home.resolve("run/smtp.port")));
  }

  private static Option bundleOf(Path jar) {
    return org.ops4j.pax.exam.CoreOptions.bundle(jar.toUri().toString());
  }

  private static List<Path> jars(String directory) throws IOException {
    try (var files = Files.list(Server.DIST.resolve(directory))) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  int port() throws IOException {
    return port("smtp");
  }

  int port(String protocol) throws IOException {
    String line = Files.readString(home.resolve("run/" + protocol + ".port")).strip();
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  /** Sets one value of a configuration; what it was before is lost. */
  void configure(String pid, String key, String value) throws ReflectiveOperationException {
    // The framework has its own copy of this interface, so there is no type to cast to.
    Object admin =
        context.getService(context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin"));
    Object configuration =
        call(admin, "getConfiguration", List.of(String.class, String.class), pid, "?");
    var properties = new java.util.Hashtable<String, Object>();
    properties.put(key, value);
    call(configuration, "update", List.of(java.util.Dictionary.class), properties);
  }

  private static Object call(Object on, String method, List<Class<?>> types, Object... arguments)
      throws ReflectiveOperationException {
    var found = on.getClass().getMethod(method, types.toArray(new Class<?>[0]));
    found.setAccessible(true);
    return found.invoke(on, arguments);
  }

  Maildir maildir() {
    return new Maildir(home.resolve("mail").resolve(Server.user()).resolve("Maildir"));
  }

  @Override
  public void afterAll(ExtensionContext test) {
    if (container != null) {
      container.stop();
    }
  }
}
