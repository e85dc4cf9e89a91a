package org.sluice.tools.door.client;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;

/**
 * Programs that need nothing of the server, found by their component descriptions in the bundles of
 * the distribution and of the home directory, and run in this process. For one thread.
 *
 * <p>A jar that cannot be read (half copied, another user's) is passed over: it must not take the
 * programs of all others away. Whoever finds no program tells of it.
 */
final class Standalone {
  private static final Pattern CLASS = Pattern.compile("<implementation class=\"([^\"]+)\"");
  private static final String CONTROL = "org.sluice.control.internal.ControlFiles";

  private final Path distribution;
  private final Path home;
  private final Map<Path, String> unreadable = new TreeMap<>();

  Standalone(Path distribution, Path home) {
    this.distribution = distribution;
    this.home = home;
  }

  Optional<Program> find(String name) throws IOException {
    for (Path jar :
        jars(
            List.of(
                home.resolve("plugins"),
                distribution.resolve("plugins"),
                distribution.resolve("bundle")))) {
      Optional<String> found = component(jar, name);
      if (found.isPresent()) {
        return Optional.of(instance(jar, found.get()));
      }
    }
    return Optional.empty();
  }

  /** The jars that {@link #find} has passed over, and what is wrong with each. */
  Map<Path, String> unreadable() {
    return unreadable;
  }

  private static List<Path> jars(List<Path> directories) throws IOException {
    var jars = new ArrayList<Path>();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        try (var files = Files.newDirectoryStream(directory, "*.jar")) {
          files.forEach(jars::add);
        } catch (AccessDeniedException e) {
          // A home that is not this user's: what the distribution has is for all.
        }
      }
    }
    return jars;
  }

  private Optional<String> component(Path jar, String name) {
    try {
      return read(jar, name);
    } catch (AccessDeniedException e) {
      unreadable.put(jar, "permission denied");
    } catch (NoSuchFileException e) {
      unreadable.put(jar, "no such file");
    } catch (IOException | RuntimeException e) { // names in it that are none, signatures
      unreadable.put(jar, e.getMessage() == null ? e.toString() : e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<String> read(Path jar, String name) throws IOException {
    if (!Files.readAttributes(jar, BasicFileAttributes.class).isRegularFile()) {
      throw new IOException("is not a file"); // a FIFO would not even be opened
    }
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(Standalone::describes).toList()) {
        String xml;
        try (var in = file.getInputStream(entry)) {
          xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Matcher matcher = CLASS.matcher(xml);
        if (has(xml, Program.NAME, name)
            && has(xml, Program.STANDALONE, "true")
            && matcher.find()) {
          return Optional.of(matcher.group(1));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean describes(JarEntry entry) {
    return entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml");
  }

  private static boolean has(String xml, String property, String value) {
    for (int at = xml.indexOf("\"" + property + "\"");
        at >= 0;
        at = xml.indexOf("\"" + property + "\"", at + 1)) {
      int end = xml.indexOf('>', at);
      if (xml.substring(at, end < 0 ? xml.length() : end).contains("value=\"" + value + "\"")) {
        return true;
      }
    }
    return false;
  }

  private Program instance(Path jar, String type) throws IOException {
    var urls = new ArrayList<URL>();
    urls.add(url(jar));
    for (Path library : jars(List.of(distribution.resolve("bundle")))) {
      if (Files.isRegularFile(library)) {
        urls.add(url(library));
      }
    }
    // Components also have constructors for the framework, whose types must be found.
    urls.add(url(distribution.resolve("lib").resolve("felix.jar")));
    // Lives as long as the process does.
    var loader = new URLClassLoader(urls.toArray(new URL[0]), Standalone.class.getClassLoader());
    try {
      for (Constructor<?> constructor : loader.loadClass(type).getConstructors()) {
        if (constructor.getParameterCount() == 0) {
          return (Program) constructor.newInstance();
        }
        if (List.of(constructor.getParameterTypes()).equals(List.of(Control.class))) {
          return (Program) constructor.newInstance(control(loader));
        }
      }
      throw new IOException(type + ": no public constructor for use without the server");
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException(jar + ": " + type + ": " + e, e);
    }
  }

  private Object control(URLClassLoader loader) throws ReflectiveOperationException {
    LongSupplier nanos = System::nanoTime;
    return loader
        .loadClass(CONTROL)
        .getConstructor(Path.class, LongSupplier.class)
        .newInstance(home, nanos);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
