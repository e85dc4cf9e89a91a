package org.sluice.plugins.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Files come, change and go; what becomes of the bundles in a real framework. */
class PluginsTest {
  private static final String WHOLE =
      "; its bundle stays as it was until a whole one is there (copy to another name, then mv)";
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

  /** So that a change within one tick of the file system's clock is seen: another file. */
  private void move(String file, byte[] content) throws IOException {
    Path part = Files.write(bench.first.resolve(file + ".part"), content);
    Files.move(part, bench.first.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  /** The plugin f is there and runs; nothing is told any more. */
  private Bundle running() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin();
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals("", bench.told(), "what is there at the start is not told one by one");
    return bench.bundle("f");
  }

  private List<String> events(String name) {
    List<String> events = new ArrayList<>();
    SynchronousBundleListener listener =
        event -> {
          if (name.equals(event.getBundle().getSymbolicName())) {
            events.add(
                switch (event.getType()) {
                  case BundleEvent.STOPPED -> "stopped";
                  case BundleEvent.UPDATED -> "updated";
                  case BundleEvent.STARTED -> "started";
                  case BundleEvent.UNINSTALLED -> "uninstalled";
                  default -> "";
                });
          }
        };
    bench.context().addBundleListener(listener);
    return events;
  }

  private static String shown(List<String> events) {
    return String.join(" ", events.stream().filter(e -> !e.isEmpty()).toList());
  }

  @Test
  void aJarComesChangesAndGoes() throws Exception {
    bench.begin();
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals("plugin f.jar installed: f 1.0.0", bench.told());
    List<String> events = events("f");
    move("f.jar", Jars.bundle("f", "1.1.0", "two"));
    bench.scans();
    assertEquals("[f 1.1.0 two]", bench.state());
    assertEquals("plugin f.jar updated: f 1.0.0 to f 1.1.0", bench.told());
    assertEquals("stopped updated started", shown(events), "one gap, not two");
    assertEquals("f.jar (f 1.1.0) is in use\n", bench.status());
    assertEquals("", bench.status("-q"));
    Files.delete(bench.first.resolve("f.jar"));
    bench.scans();
    assertEquals("[]", bench.state());
    assertEquals("plugin f.jar removed: f 1.1.0", bench.told());
  }

  @Test
  void whatIsNoWholeBundleTakesNothingAway() throws Exception {
    running();
    List<String> events = events("f");
    byte[] next = Jars.bundle("f", "1.0.0", "two");
    byte[] damaged = next.clone();
    int text = new String(next, StandardCharsets.ISO_8859_1).indexOf("the text");
    damaged[text] = 'x';
    Object[][] files = {
      {new byte[0], "is not a complete jar: zip file is empty"},
      {"text".repeat(50).getBytes(StandardCharsets.US_ASCII), "is not a complete jar: zip END"},
      {Arrays.copyOf(next, next.length / 2), "is not a complete jar: zip END header not found"},
      {damaged, "is not a complete jar: text is damaged"},
      {Jars.plain(), "is no bundle: its manifest lacks Bundle-SymbolicName"},
    };
    for (Object[] file : files) {
      move("f.jar", (byte[]) file[0]);
      bench.scans();
      assertEquals("[f 1.0.0 one]", bench.state());
      String told = bench.told();
      assertTrue(told.startsWith("! plugin f.jar " + file[1]), told);
      assertTrue(told.endsWith(WHOLE), told);
      String status = bench.status("-q");
      assertTrue(
          status.startsWith("f.jar (f 1.0.0) is in use as it was before: the file is "), status);
      move("f.jar", (byte[]) file[0]);
      bench.scans();
      assertEquals("", bench.told(), "told once");
      assertEquals("", shown(events));
      move("f.jar", Jars.bundle("f", "1.0.0", "one"));
      bench.scans();
      assertEquals("plugin f.jar updated: f 1.0.0 to f 1.0.0", bench.told());
      assertEquals("", bench.status("-q"), "all is well again");
      events.clear();
    }
    move("f.jar", next);
    bench.scans();
    assertEquals("[f 1.0.0 two]", bench.state());
    assertEquals("plugin f.jar updated: f 1.0.0 to f 1.0.0", bench.told());
    assertEquals("", bench.status("-q"));
  }

  @Test
  void aSlowCopyIsNotLookedAtUntilItRests() throws Exception {
    running();
    byte[] next = Jars.bundle("f", "1.0.0", "two");
    for (int length = 0; length < next.length; length += 100) {
      put("f.jar", Arrays.copyOf(next, length));
      bench.scan();
      assertEquals("[f 1.0.0 one]", bench.state());
    }
    assertEquals("", bench.told());
    put("f.jar", next);
    bench.scans();
    assertEquals("[f 1.0.0 two]", bench.state());
  }

  @Test
  void oneThatIsRemovedToBeReplacedDoesNotGo() throws Exception {
    running();
    List<String> events = events("f");
    Files.delete(bench.first.resolve("f.jar"));
    bench.scan();
    put("f.jar", Jars.bundle("f", "1.0.0", "two"));
    bench.scans();
    assertEquals("stopped updated started", shown(events));
  }

  @Test
  void aBrokenFileThatIsRemovedTakesItsBundleAway() throws Exception {
    running();
    move("f.jar", new byte[10]);
    bench.scans();
    Files.delete(bench.first.resolve("f.jar"));
    bench.scans();
    assertEquals("[]", bench.state());
  }

  @Test
  void oneThatNeverWasWholeIsNamed() throws Exception {
    move("f.jar", new byte[10]);
    bench.begin();
    assertTrue(bench.told().contains("it is not installed until a whole one is there"));
    assertTrue(bench.status("-q").startsWith("f.jar is not in use: it is not a complete jar"));
    move("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
  }

  @Test
  void theSameContentWrittenAgainRestartsIt() throws Exception {
    running();
    List<String> events = events("f");
    Path file = bench.first.resolve("f.jar");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    bench.scans();
    assertEquals("", shown(events), "it is what it was");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    bench.scans();
    assertEquals("stopped updated started", shown(events));
    assertEquals("plugin f.jar updated: f 1.0.0 to f 1.0.0", bench.told());
    put("f.jar", Arrays.copyOf(Jars.bundle("f", "1.0.0", "one"), 100));
    bench.scans();
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    assertEquals("", bench.status("-q"));
  }

  @Test
  void oneOfTwoFilesWithOneBundleGoes() throws Exception {
    for (boolean removeFirst : new boolean[] {true, false}) {
      put("a.jar", Jars.bundle("f", "1.0.0", "one"));
      bench.scans();
      Bundle bundle = bench.bundle("f");
      put("b.jar", Jars.bundle("f", "1.0.0", "one"));
      bench.scans();
      String told = bench.told();
      assertTrue(
          told.endsWith("! plugin b.jar is f 1.0.0, as is a.jar: it stands by until that goes"),
          told);
      List<String> events = events("f");
      Files.delete(bench.first.resolve(removeFirst ? "a.jar" : "b.jar"));
      bench.scans();
      assertSame(bundle, bench.bundle("f"));
      assertEquals("[f 1.0.0 one]", bench.state());
      assertEquals("", shown(events), "it runs on");
      assertEquals("", bench.status("-q"));
      bench.told();
      Files.delete(bench.first.resolve(removeFirst ? "b.jar" : "a.jar"));
      bench.scans();
      assertEquals("[]", bench.state());
      assertEquals("plugin " + (removeFirst ? "b" : "a") + ".jar removed: f 1.0.0", bench.told());
    }
  }

  @Test
  void theSecondFilesContentIsTakenWhenItsTurnComes() throws Exception {
    running();
    put("g.jar", Jars.bundle("f", "1.0.0", "two"));
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    Files.delete(bench.first.resolve("f.jar"));
    bench.scans();
    assertEquals("[f 1.0.0 two]", bench.state());
  }

  @Test
  void aFileThatBecomesAnotherBundleLeavesItsOwnToTheSecond() throws Exception {
    Bundle bundle = running();
    put("g.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    List<String> events = events("f");
    move("f.jar", Jars.bundle("f", "2.0.0", "two"));
    bench.scans();
    assertEquals("[f 1.0.0 one, f 2.0.0 two]", bench.state());
    assertEquals("started", shown(events), "only the new one");
    assertEquals("1.0.0", bundle.getVersion().toString());
    put("g.jar", Jars.bundle("f", "2.0.0", "three"));
    bench.scans();
    assertEquals("[f 2.0.0 two]", bench.state(), "the other file's was there first");
  }

  @Test
  void twoFilesThatChangePlaces() throws Exception {
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    put("g.jar", Jars.bundle("g", "1.0.0", "one"));
    bench.begin();
    move("f.jar", Jars.bundle("g", "1.0.0", "one"));
    move("g.jar", Jars.bundle("f", "1.0.0", "one"));
    List<String> events = events("f");
    bench.scans();
    assertEquals("[f 1.0.0 one, g 1.0.0 one]", bench.state());
    assertEquals("", shown(events));
    assertEquals("", bench.status("-q"));
  }

  @Test
  void whatTheFrameworkHasFromElsewhereIsLeftAlone() throws Exception {
    Path core = Files.write(directory.resolve("core.jar"), Jars.bundle("c", "1.0.0", "core"));
    bench.context().installBundle(core.toUri().toString()).start();
    put("c.jar", Jars.bundle("c", "1.0.0", "mine"));
    bench.begin();
    assertEquals("[c 1.0.0 core]", bench.state());
    assertEquals(
        "! plugin c.jar is c 1.0.0, as is file:core.jar: it stands by until that goes",
        bench.told());
  }

  @Test
  void whatTheFrameworkDoesNotTakeLeavesTheOldOneRunning() throws Exception {
    running();
    move("f.jar", Jars.bundle("f", "1.0.0", "two", "Import-Package", "java.lang,;,="));
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    String told = bench.told();
    assertTrue(told.contains("! plugin f.jar cannot be used, its bundle stays as it was: "), told);
  }

  @Test
  void whatWasStoppedOrUninstalledByHandStaysSo() throws Exception {
    Bundle bundle = running();
    bundle.stop();
    bench.scans();
    assertEquals("[f 1.0.0 one off]", bench.state());
    assertTrue(bench.status("-q").endsWith("has been stopped\n"), bench.status("-q"));
    move("f.jar", Jars.bundle("f", "1.0.0", "two"));
    bench.scans();
    assertEquals("[f 1.0.0 two off]", bench.state());
    bundle.uninstall();
    bench.scans();
    assertEquals("[]", bench.state());
    assertTrue(bench.status("-q").contains("uninstalled by hand"), bench.status("-q"));
    move("f.jar", Jars.bundle("f", "1.0.0", "two"));
    bench.scans();
    assertEquals("[f 1.0.0 two]", bench.state());
  }

  @Test
  void afterABreakItGoesOnWithWhatIsThere() throws Exception {
    running();
    put("gone.jar", Jars.bundle("gone", "1.0.0", "one"));
    put("new.jar", Jars.bundle("new", "1.0.0", "one"));
    bench.scans();
    List<String> events = events("f");
    bench.anew();
    Files.delete(bench.first.resolve("gone.jar"));
    move("new.jar", Jars.bundle("new", "2.0.0", "two"));
    bench.begin();
    bench.scans();
    assertEquals("[f 1.0.0 one, new 2.0.0 two]", bench.state());
    assertEquals("", shown(events));
    assertEquals("", bench.status("-q"));
  }

  @Test
  void aDirectoryThatCannotBeReadKeepsItsPlugins() throws Exception {
    running();
    Path aside = Files.move(bench.first, directory.resolve("aside"));
    Files.createSymbolicLink(bench.first, bench.first); // a loop
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
    Files.delete(bench.first);
    bench.scans();
    assertEquals("[]", bench.state(), "now it is not there");
    Files.move(aside, bench.first);
    bench.scans();
    assertEquals("[f 1.0.0 one]", bench.state());
  }
}
