package org.sluice.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.sluice.itest.filter.FilterActivator;
import org.sluice.itest.filter.TestFilter;
import org.sluice.itest.program.GreetActivator;

/** Makes the jars of third-party bundles out of this test's own classes. */
final class FilterBundle {
  private static final Path CLASSES =
      Path.of(
          URI.create(
              FilterBundle.class.getProtectionDomain().getCodeSource().getLocation().toString()));

  private static final String FILTER_PACKAGES =
      "org.sluice.api.filter;version=\"[1.0,2)\",org.sluice.api.mail;version=\"[1.0,2)\"";

  private FilterBundle() {}

  /** A filter's jar; properties are service properties {@code name=value} with blanks between. */
  static InputStream jar(int version, TestFilter.Behaviour behaviour, String properties)
      throws IOException {
    return jar(
        "filter",
        version,
        FilterActivator.class,
        FILTER_PACKAGES,
        Map.of(
            FilterActivator.BEHAVIOUR, behaviour.name(), FilterActivator.PROPERTIES, properties));
  }

  /** The jar of an observer that writes to a file. */
  static InputStream observer(Path file) throws IOException {
    return jar(
        "observer",
        1,
        FilterActivator.class,
        FILTER_PACKAGES,
        Map.of(FilterActivator.OBSERVATIONS, file.toString()));
  }

  /** The jar of the program {@code greet}. */
  static InputStream program(int version) throws IOException {
    String packages = "org.sluice.api.program;version=\"[1.0,2)\"";
    return jar("program", version, GreetActivator.class, packages, Map.of());
  }

  private static InputStream jar(
      String name, int version, Class<?> activator, String packages, Map<String, String> more)
      throws IOException {
    var manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "org.example." + name);
    headers.putValue(Constants.BUNDLE_VERSION, version + ".0.0");
    headers.putValue(Constants.BUNDLE_ACTIVATOR, activator.getName());
    headers.putValue(Constants.IMPORT_PACKAGE, "org.osgi.framework," + packages);
    more.forEach(headers::putValue);
    var bytes = new ByteArrayOutputStream();
    Path folder = Path.of(activator.getPackageName().replace('.', '/'));
    try (var jar = new JarOutputStream(bytes, manifest);
        var classes = Files.list(CLASSES.resolve(folder))) {
      for (Path file : classes.toList()) {
        jar.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
