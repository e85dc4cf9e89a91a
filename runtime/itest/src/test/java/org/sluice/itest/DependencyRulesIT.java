package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  private static List<String> packages(Path bundle, String header) throws IOException {
    try (var jar = new JarFile(bundle.toFile())) {
      String value = jar.getManifest().getMainAttributes().getValue(header);
      List<String> packages = new ArrayList<>();
      var matcher = PACKAGE.matcher(value == null ? "" : value.replaceAll("\"[^\"]*\"", ""));
      while (matcher.find()) {
        packages.add(matcher.group());
      }
      return packages;
    }
  }

  @Test
  void pluginsExportNothing() throws IOException {
    assertTrue(bundles("plugins").size() >= 7);
    for (Path bundle : bundles("plugins")) {
      try (var jar = new JarFile(bundle.toFile())) { // not what is embedded in it either
        assertNull(
            jar.getManifest().getMainAttributes().getValue("Export-Package"), bundle::toString);
      }
    }
  }

  @Test
  void everyoneImportsOnlyTheApiAndTheLibraries() throws IOException {
    List<Path> all = new ArrayList<>(bundles("plugins"));
    all.addAll(bundles("bundle"));
    for (Path bundle : all) {
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

  @Test
  void onlyTheLibrariesExportAndNothingInternal() throws IOException {
    for (Path bundle : bundles("bundle")) {
      String name = bundle.getFileName().toString().replace(".jar", "");
      for (String exported : packages(bundle, "Export-Package")) {
        assertTrue(LIBRARIES.contains(name), bundle + " exports " + exported);
        assertTrue(!exported.contains(".internal"), bundle + " exports " + exported);
      }
    }
  }
}
