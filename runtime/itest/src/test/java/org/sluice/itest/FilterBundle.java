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

/** Makes the jar of a filter bundle out of this test's own classes. */
final class FilterBundle {
  private static final Path CLASSES =
      Path.of(
          URI.create(
              FilterBundle.class.getProtectionDomain().getCodeSource().getLocation().toString()));

  private FilterBundle() {}

  /** A filter's jar; properties are service properties {@code name=value} with blanks between. */
  static InputStream jar(int version, TestFilter.Behaviour behaviour, String properties)
      throws IOException {
    return jar(
        version,
        Map.of(
            FilterActivator.BEHAVIOUR, behaviour.name(), FilterActivator.PROPERTIES, properties));
  }

  /** The jar of an observer that writes to a file. */
  static InputStream observer(Path file) throws IOException {
    return jar(1, Map.of(FilterActivator.OBSERVATIONS, file.toString()));
  }

  private static InputStream jar(int version, Map<String, String> more) throws IOException {
    var manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.putValue(
        Constants.BUNDLE_SYMBOLICNAME, "org.example." + (more.size() == 1 ? "observer" : "filter"));
    headers.putValue(Constants.BUNDLE_VERSION, version + ".0.0");
    headers.putValue(Constants.BUNDLE_ACTIVATOR, FilterActivator.class.getName());
    headers.putValue(
        Constants.IMPORT_PACKAGE,
        "org.osgi.framework,org.sluice.api.filter;version=\"[1.0,2)\","
            + "org.sluice.api.mail;version=\"[1.0,2)\"");
    more.forEach(headers::putValue);
    var bytes = new ByteArrayOutputStream();
    Path folder = Path.of(FilterActivator.class.getPackageName().replace('.', '/'));
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
