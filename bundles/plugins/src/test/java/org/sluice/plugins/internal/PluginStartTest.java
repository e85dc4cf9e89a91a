package org.sluice.plugins.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Which plugins start, and when, and what is told of those that do not. */
class PluginStartTest {
  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private void put(String file, byte[] content) throws IOException {
    Files.write(bench.first.resolve(file), content);
  }

  @Test
  void whatLacksAPackageIsNamedAndStartedWhenItComes() throws Exception {
    bench.begin();
    put("f.jar", Jars.bundle("f", "1.0.0", "one", "Import-Package", "a.b;version=\"[1.2,2)\""));
    bench.scans();
    assertEquals("[f 1.0.0 one off]", bench.state());
    String why =
        "no bundle exports the package a.b of version 1.2.0 and below 2.0.0: add that bundle as"
            + " well";
    String told = bench.told();
    assertTrue(
        told.endsWith("! plugin f.jar (f 1.0.0) is installed, but not active: " + why), told);
    assertEquals("f.jar (f 1.0.0) is not active: " + why + "\n", bench.status("-q"));
    bench.scans();
    assertEquals("", bench.told(), "told once");
    put("g.jar", Jars.bundle("g", "1.0.0", "one", "Export-Package", "a.b;version=1.3"));
    bench.scans();
    assertEquals("[f 1.0.0 one, g 1.0.0 one]", bench.state());
    assertEquals("", bench.status("-q"));
  }

  @Test
  void whatCannotBeActivatedIsNamed() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one", "Bundle-Activator", "no.such.Activator"));
    bench.begin();
    String told = bench.told();
    assertTrue(told.contains("not active: it cannot be started: "), told);
    assertTrue(told.contains("no.such.Activator"), told);
  }

  @Test
  void whoTakesConnectionsStartsLast() throws Exception {
    List<String> started = new ArrayList<>();
    SynchronousBundleListener listener =
        event -> {
          if (event.getType() == BundleEvent.STARTED) {
            started.add(event.getBundle().getSymbolicName());
          }
        };
    bench.context().addBundleListener(listener);
    String handler =
        "osgi.service;objectClass:List<String>=\"org.sluice.api.net.ConnectionHandler\"";
    put("a.jar", Jars.bundle("listener", "1.0.0", "one", "Provide-Capability", handler));
    Files.write(bench.second.resolve("b.jar"), Jars.bundle("filter", "1.0.0", "one"));
    bench.begin();
    assertEquals(List.of("filter", "listener"), started);
  }

  private static final String PROGRAM =
      "osgi.service;objectClass:List<String>=\"org.sluice.api.program.Program\"";

  @Test
  void programsComeWhenMailIsServed() throws Exception {
    put("a.jar", Jars.bundle("program", "1.0.0", "one", "Provide-Capability", PROGRAM));
    put("b.jar", Jars.bundle("filter", "1.0.0", "one"));
    bench.begin(() -> false);
    assertEquals("[filter 1.0.0 one]", bench.state());
    bench.scan();
    assertEquals("[filter 1.0.0 one, program 1.0.0 one]", bench.state());
    assertEquals("", bench.told(), "neither is told of by itself");
    bench.anew();
    bench.begin(() -> false);
    assertEquals("[filter 1.0.0 one, program 1.0.0 one]", bench.state());
    bench.scans();
    assertEquals("[filter 1.0.0 one, program 1.0.0 one]", bench.state());
    assertEquals("", bench.told());
  }

  @Test
  void whatIsMoreThanProgramsIsThereFromTheFirst() throws Exception {
    String filter = ",osgi.service;objectClass:List<String>=\"org.sluice.api.filter.Filter\"";
    String provides = "Provide-Capability";
    put("a.jar", Jars.bundle("a", "1.0.0", "one", provides, PROGRAM + filter));
    put("b.jar", Jars.bundle("b", "1.0.0", "one", provides, PROGRAM, "Export-Package", "b.c"));
    put("c.jar", Jars.bundle("c", "1.0.0", "one", "Import-Package", "b.c"));
    put("d.jar", Jars.bundle("d", "1.0.0", "one", provides, PROGRAM, "Fragment-Host", "c"));
    bench.begin(() -> false);
    assertEquals("[a 1.0.0 one, b 1.0.0 one, c 1.0.0 one, d 1.0.0 one off]", bench.state());
    assertEquals(Bundle.RESOLVED, bench.bundle("d").getState());
    assertEquals("", bench.told());
  }

  @Test
  void aFragmentIsAttachedToItsHost() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    Bundle host = bench.bundle("f");
    put("g.jar", Jars.bundle("g", "1.0.0", "one", "Fragment-Host", "f"));
    bench.scans();
    assertEquals(Bundle.ACTIVE, host.getState());
    assertEquals(Bundle.RESOLVED, bench.bundle("g").getState());
    assertEquals("", bench.status("-q"));
  }
}
