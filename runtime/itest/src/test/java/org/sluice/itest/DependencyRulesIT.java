package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** DESIGN.md section 2 as a test: arrows point one way, from plugins to the API. */
class DependencyRulesIT {
  private static final Pattern PACKAGE = Pattern.compile("org\\.sluice\\.[a-z.]+");
  private static final Set<String> LIBRARIES =
      Set.of(
          "org.sluice.api",
          "org.sluice.base",
          "org.sluice.control",
          "org.sluice.dns",
          "org.sluice.sasl");

  private static List<Path> bundles(String directory) throws IOException {
    try (var files = Files.list(Server.DIST.resolve(directory))) {
      return files.filter(f -> f.getFileName().toString().startsWith("org.sluice.")).toList();
    }
  }

  private static List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>(bundles("plugins"));
    all.addAll(bundles("bundle"));
    return all;
  }

  private static String name(Path bundle) {
    return bundle.getFileName().toString().replace(".jar", "");
  }

  private static String header(Path bundle, String name) throws IOException {
    try (var jar = new JarFile(bundle.toFile())) {
      return jar.getManifest().getMainAttributes().getValue(name);
    }
  }

  private static List<String> packages(Path bundle, String header) throws IOException {
    String value = header(bundle, header);
    List<String> packages = new ArrayList<>();
    var matcher = PACKAGE.matcher(value == null ? "" : value.replaceAll("\"[^\"]*\"", ""));
    while (matcher.find()) {
      packages.add(matcher.group());
    }
    return packages;
  }

  @Test
  void pluginsExportNothing() throws IOException {
    assertTrue(bundles("plugins").size() >= 7);
    for (Path bundle : bundles("plugins")) { // not what is embedded in it either
      assertNull(header(bundle, "Export-Package"), bundle::toString);
    }
  }

  @Test
  void everyoneImportsOnlyTheApiAndTheLibraries() throws IOException {
    for (Path bundle : all()) {
      for (String name : packages(bundle, "Import-Package")) {
        assertTrue(
            name.startsWith("org.sluice.api.")
                || name.equals("org.sluice.base")
                || name.equals("org.sluice.base.program")
                || name.equals("org.sluice.base.spawn")
                || name.equals("org.sluice.control.cdb")
                || name.equals("org.sluice.dns")
                || name.equals("org.sluice.sasl"),
            bundle + " imports " + name);
      }
    }
  }

  /** The API stands on nothing, base on the API, and the others on these two. */
  @Test
  void librariesStandOnThoseBelow() throws IOException {
    for (Path bundle : bundles("bundle")) {
      String name = name(bundle);
      if (LIBRARIES.contains(name)) {
        for (String imported : packages(bundle, "Import-Package")) {
          assertTrue(
              imported.startsWith(name)
                  || imported.startsWith("org.sluice.api.")
                  || imported.startsWith("org.sluice.base") && !name.equals("org.sluice.api"),
              bundle + " imports " + imported);
        }
      }
    }
  }

  @Test
  void whatIsNeededIsSaidByPackages() throws IOException {
    for (Path bundle : all()) {
      for (String header : List.of("Require-Bundle", "DynamicImport-Package")) {
        assertNull(header(bundle, header), bundle + ": " + header);
      }
    }
  }

  @Test
  void symbolicNamesAreRootPackages() throws IOException {
    for (Path bundle : all()) {
      assertEquals(name(bundle), header(bundle, "Bundle-SymbolicName"));
      String root = name(bundle).replace('.', '/') + "/";
      try (var jar = new JarFile(bundle.toFile())) {
        assertTrue(
            jar.stream()
                .map(JarEntry::getName)
                .filter(entry -> entry.endsWith(".class") && entry.startsWith("org/sluice/"))
                .allMatch(entry -> entry.startsWith(root)),
            bundle::toString);
      }
    }
  }

  @Test
  void onlyTheLibrariesExportAndNothingInternal() throws IOException {
    for (Path bundle : bundles("bundle")) {
      String name = name(bundle);
      for (String exported : packages(bundle, "Export-Package")) {
        assertTrue(LIBRARIES.contains(name), bundle + " exports " + exported);
        assertTrue(!exported.contains(".internal"), bundle + " exports " + exported);
      }
    }
  }
}
