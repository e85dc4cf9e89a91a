package org.sluice.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.sluice.itest.filter.FilterActivator;
import org.sluice.itest.filter.TestFilter;

/** Makes the jar of a filter bundle out of this test's own classes. */
final class FilterBundle {
  private FilterBundle() {}

  /** The jar; properties are service properties {@code name=value} with blanks between. */
  static InputStream jar(int version, TestFilter.Behaviour behaviour, String properties)
      throws IOException {
    var manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "org.example.filter");
    headers.putValue(Constants.BUNDLE_VERSION, version + ".0.0");
    headers.putValue(Constants.BUNDLE_ACTIVATOR, FilterActivator.class.getName());
    headers.putValue(
        Constants.IMPORT_PACKAGE,
        "org.osgi.framework,org.sluice.api.filter;version=\"[1.0,2)\","
            + "org.sluice.api.mail;version=\"[1.0,2)\"");
    headers.putValue(FilterActivator.BEHAVIOUR, behaviour.name());
    headers.putValue(FilterActivator.PROPERTIES, properties);
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes, manifest)) {
      for (Class<?> type :
          List.of(FilterActivator.class, TestFilter.class, TestFilter.Behaviour.class)) {
        add(jar, type.getName());
      }
      add(jar, TestFilter.class.getName() + "$1"); // the compiler's table for the switch
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void add(JarOutputStream jar, String type) throws IOException {
    String path = type.replace('.', '/') + ".class";
    try (InputStream in = FilterBundle.class.getClassLoader().getResourceAsStream(path)) {
      jar.putNextEntry(new JarEntry(path));
      in.transferTo(jar);
      jar.closeEntry();
    }
  }
}
