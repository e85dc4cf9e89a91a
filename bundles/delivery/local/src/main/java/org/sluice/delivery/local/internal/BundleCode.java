package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The classes of bundles, and SLF4J for a JVM without a framework, which our own bundle has. */
final class BundleCode implements WorkerCode {
  private static final List<String> LOGGING =
      List.of("worker/slf4j-api.jar", "worker/slf4j-simple.jar");

  @Override
  public void copy(Set<Class<?>> classes, Jars to) throws IOException {
    for (String name : LOGGING) {
      URL jar = FrameworkUtil.getBundle(BundleCode.class).getEntry(name);
      try (InputStream in = jar.openStream();
          OutputStream out = to.next()) {
        in.transferTo(out);
      }
    }
    for (Bundle bundle :
        classes.stream().map(FrameworkUtil::getBundle).collect(Collectors.toSet())) {
      try (var jar = new JarOutputStream(to.next())) {
        for (URL entry : Collections.list(bundle.findEntries("/", "*.class", true))) {
          jar.putNextEntry(new JarEntry(entry.getPath().substring(1)));
          try (InputStream in = entry.openStream()) {
            in.transferTo(jar);
          }
        }
      }
    }
  }
}
