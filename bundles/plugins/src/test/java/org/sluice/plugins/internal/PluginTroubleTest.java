package org.sluice.plugins.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** The machine fails, not the jar: no room, what cannot be looked at, what is no file. */
class PluginTroubleTest {
  private static final String FULL =
      "plugin f.jar cannot be installed: Unable to cache bundle: file:f.jar: java.io.IOException:"
          + " Unable to create archive directory.";

  /** So many scans that one who waits longest has tried again. */
  private static final int LONG = 20;

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
    Path part = Files.write(bench.first.resolve(file + ".part"), content);
    Files.move(part, bench.first.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private void scans() throws Exception {
    for (int i = 0; i < LONG; i++) {
      bench.scan();
    }
  }

  private List<Integer> stops() {
    List<Integer> stops = new ArrayList<>();
    SynchronousBundleListener listener =
        event -> {
          if (event.getType() == BundleEvent.STOPPED) {
            stops.add(event.getType());
          }
        };
    bench.context().addBundleListener(listener);
    return stops;
  }

  @Test
  void whatHadNoRoomComesWhenThereIsSome() throws Exception {
    bench.begin();
    bench.full(true);
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    assertEquals("! " + FULL, bench.told());
    assertEquals(
        FULL.replace("plugin f.jar", "f.jar is not in use: it") + "\n", bench.status("-q"));
    scans();
    assertEquals("", bench.told(), "told once");
    assertEquals(List.of(), bench.copies());
    bench.full(false);
    scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals("plugin f.jar installed: f 1.0.0", bench.told());
    assertEquals("", bench.status("-q"));
    List<Integer> stops = stops();
    bench.full(true);
    put("g.jar", Jars.bundle("g", "1.0.0", "one"));
    scans();
    assertEquals(List.of(), stops, "others run on");
  }

  @Test
  void whatFailsAgainAfterItWasWellIsToldAgain() throws Exception {
    bench.begin();
    for (int i = 0; i < 2; i++) {
      bench.full(true);
      put("f.jar", Jars.bundle("f", "1.0.0", "one"));
      bench.scans();
      assertEquals("! " + FULL, bench.told());
      bench.full(false);
      scans();
      bench.told();
      Files.delete(bench.first.resolve("f.jar"));
      bench.scans();
      bench.told();
    }
  }

  @Test
  void theFirstScansGoOnUntilThereIsRoom() throws Exception {
    bench.full(true);
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    var left = new AtomicInteger(LONG);
    bench.begin(
        () -> {
          bench.full(left.get() > LONG / 2);
          return left.getAndDecrement() > 0;
        });
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals("! " + FULL + "\nplugin f.jar installed: f 1.0.0", bench.told());
  }

  @Test
  void theBundleIsNotStartedBeforeThat() throws Exception {
    Files.createFile(directory.resolve("cache/bundle1")); // the first try removes it
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    var activator = new Activator();
    activator.start(bench.context());
    assertEquals("[f 1.0.0 one]", bench.state());
    activator.stop(bench.context());
  }

  @Test
  void theFirstScansEndWithAnErrorIfThereIsNoRoom() throws Exception {
    bench.full(true);
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    var left = new AtomicInteger(LONG);
    bench.begin(() -> left.getAndDecrement() > 0);
    String told = bench.told();
    assertTrue(told.startsWith("! " + FULL + "\n"), told);
    assertTrue(
        told.contains(
            "\n!! plugin f.jar is missing, mail is taken without it: it cannot be installed: "),
        told);
    bench.full(false);
    scans();
    assertEquals("[f 1.0.0 one]", bench.state());
  }

  @Test
  void theStartDoesNotWaitForJarsThatAreBroken() throws Exception {
    put("f.jar", new byte[10]);
    put("g.jar", Jars.bundle("g", "1.0.0", "one", "Import-Package", "java.lang,;,="));
    Files.createSymbolicLink(bench.first.resolve("loop.jar"), Path.of("loop.jar"));
    bench.begin(() -> fail("it waits"));
    String told = bench.told();
    assertTrue(!told.contains("!!"), told);
    assertTrue(
        told.contains(
            "! plugin g.jar cannot be installed: Could not create bundle object.: "
                + "java.lang.IllegalArgumentException: "),
        told);
  }

  @Test
  void theStartWaitsForADirectoryThatCannotBeRead() throws Exception {
    Files.delete(bench.first);
    Files.createSymbolicLink(bench.first, bench.first);
    var left = new AtomicInteger(2);
    bench.begin(() -> left.getAndDecrement() > 0);
    assertEquals(-1, left.get());
    String told = bench.told();
    assertTrue(told.contains("first cannot be read, its plugins stay as they were: "), told);
    assertTrue(told.endsWith("!! the plugins of first are missing, mail is taken without them"));
    assertTrue(bench.status("-q").startsWith("first cannot be read"), bench.status("-q"));
  }

  @Test
  void anUpdateWithoutRoomStopsNothingAndComesLater() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    List<Integer> stops = stops();
    Path room = bench.context().getDataFile("room").toPath();
    Files.createDirectories(room.resolve("taken"));
    put("f.jar", Jars.bundle("f", "1.0.0", "two"));
    scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals(List.of(), stops);
    String told = bench.told();
    assertTrue(
        told.startsWith("! plugin f.jar cannot be used, its bundle stays as it was: java"), told);
    assertTrue(!told.contains("\n"), told);
    Files.delete(room.resolve("taken"));
    Files.delete(room);
    scans();
    assertEquals("[f 1.0.0 two]", bench.state());
    assertEquals("plugin f.jar updated: f 1.0.0 to f 1.0.0", bench.told());
    assertEquals("", bench.status("-q"));
    assertEquals(1, stops.size());
  }

  @Test
  void anUpdateThatTheFrameworkCannotKeepComesLater() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    Files.createFile(directory.resolve("cache/bundle1/version0.1")); // it removes that itself
    put("f.jar", Jars.bundle("f", "1.0.0", "two"));
    scans();
    String[] told = bench.told().split("\n");
    assertTrue(
        told[0].startsWith("! plugin f.jar cannot be used, its bundle stays as it"), told[0]);
    assertTrue(told[0].contains(" failed.: java.nio.file."), told[0]); // which of them the JDK says
    assertEquals("plugin f.jar updated: f 1.0.0 to f 1.0.0", told[1]);
    assertEquals("[f 1.0.0 two]", bench.state());
    assertEquals("", bench.status("-q"));
  }

  @Test
  void aRestartWithoutRoomComesLater() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    List<Integer> stops = stops();
    Path room = bench.context().getDataFile("room").toPath();
    Files.createDirectories(room.resolve("taken"));
    Files.setLastModifiedTime(bench.first.resolve("f.jar"), FileTime.fromMillis(1_000_000_000));
    scans();
    assertEquals(List.of(), stops);
    Files.delete(room.resolve("taken"));
    Files.delete(room);
    scans();
    assertEquals(1, stops.size());
    assertEquals("[f 1.0.0 one]", bench.state());
  }

  @Test
  void oneThatWasWrittenWhileItWasNotThereIsNotRestartedAfterwards() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    bench.bundle("f").uninstall();
    bench.scans();
    put("f.jar", Jars.bundle("f", "1.0.0", "two"));
    Files.setLastModifiedTime(bench.first.resolve("f.jar"), FileTime.fromMillis(1_000_000_000));
    bench.scans();
    assertEquals("[f 1.0.0 two]", bench.state());
    List<Integer> stops = stops();
    put("g.jar", Jars.bundle("g", "1.0.0", "one"));
    bench.scans();
    assertEquals(List.of(), stops);
    assertEquals("", bench.status("-q"));
  }

  @Test
  void whatCannotBeLookedAtCostsNothingElse() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    Path file = bench.first.resolve("f.jar");
    Files.delete(file);
    Files.createSymbolicLink(file, file); // a loop
    put("g.jar", Jars.bundle("g", "1.0.0", "one"));
    scans();
    assertEquals("[f 1.0.0 one, g 1.0.0 one]", bench.state());
    String[] told = bench.told().split("\n");
    assertEquals(2, told.length, String.join("\n", told));
    assertTrue(told[0].startsWith("! plugins: f.jar cannot be looked at: "), told[0]);
    assertTrue(
        bench
            .status("-q")
            .startsWith("f.jar (f 1.0.0) is in use as it was before: the file cannot be looked at"),
        bench.status("-q"));
    Files.delete(file);
    bench.scans();
    assertEquals("[g 1.0.0 one]", bench.state());
    assertEquals("", bench.status("-q"));
  }

  @Test
  void whatIsNoFileIsNamed() throws Exception {
    Path fifo = bench.first.resolve("a.jar");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Files.createDirectory(bench.first.resolve("b.jar"));
    Files.createSymbolicLink(bench.first.resolve("c.jar"), Path.of("nowhere"));
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    String all = "a.jar is not a file\nb.jar is not a file\nc.jar is a link to what is not there";
    assertEquals(all.replaceAll("(?m)^", "! plugins: "), bench.told());
    assertEquals(all + "\n", bench.status("-q"));
  }

  @Test
  void whatIsNoFileForAMomentIsNotNamed() throws Exception {
    bench.begin();
    Path link = Files.createSymbolicLink(bench.first.resolve("c.jar"), Path.of("nowhere"));
    bench.scan();
    Files.delete(link);
    bench.scan();
    assertEquals("", bench.told());
  }

  @Test
  void aCopyThatFailsLeavesNothingBehind() throws Exception {
    bench.begin();
    Path copy = bench.context().getDataFile("0.jar").toPath();
    Path directory = Files.createDirectory(bench.first.resolve("d"));
    assertThrows(IOException.class, () -> PluginJar.read(directory, copy));
    assertEquals(List.of(), bench.copies());
  }

  /** "Live within two seconds, removed when it is taken away": a second is for the work itself. */
  @Test
  void whatComesAndGoesIsHandledWithinASecond() throws Exception {
    bench.begin();
    int scans = 0;
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    for (; bench.state().equals("[]"); scans++) {
      bench.scan();
    }
    assertTrue(Activator.PERIOD.multipliedBy(scans).compareTo(Duration.ofSeconds(1)) <= 0);
    Files.delete(bench.first.resolve("f.jar"));
    for (scans = 0; !bench.state().equals("[]"); scans++) {
      bench.scan();
    }
    assertTrue(Activator.PERIOD.multipliedBy(scans).compareTo(Duration.ofSeconds(1)) <= 0);
  }
}
