package org.sluice.plugins.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Plugins whose own code never comes to an end hold up neither the others nor the server. */
class EndlessTest {
  private final CountDownLatch allowed = new CountDownLatch(1);
  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() throws Exception {
    System.getProperties().put(Endless.ALLOWED, allowed);
    bench = new Bench(directory);
  }

  @AfterEach
  void close() throws Exception {
    allowed.countDown();
    bench.close();
    System.getProperties().remove(Endless.ALLOWED);
  }

  private void put(String file, byte[] content) throws IOException {
    Path part = Files.write(bench.first.resolve(file + ".part"), content);
    Files.move(part, bench.first.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private void scansUntil(String state) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!bench.state().equals(state)) {
      assertTrue(System.nanoTime() < end, () -> bench.state() + ", told: " + bench.told());
      bench.scan();
      Thread.sleep(10); // the step ends on a thread of its own
    }
  }

  @Test
  void aStartThatDoesNotEndHoldsUpNobody() throws Exception {
    put("a.jar", Jars.endless("a", "1.0.0", "stubborn start"));
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.begin(() -> false);
    assertEquals("[a 1.0.0 stubborn start off, f 1.0.0 one]", bench.state());
    String why = "a.jar (a 1.0.0) is %snot active: its start does not end";
    assertEquals("! plugin " + why.formatted("installed, but "), bench.told());
    assertEquals(why.formatted("") + "\n", bench.status("-q"));
    put("f.jar", Jars.bundle("f", "2.0.0", "two"));
    bench.scans();
    assertEquals("plugin f.jar updated: f 1.0.0 to f 2.0.0", bench.told());
    Files.delete(bench.first.resolve("a.jar"));
    bench.scans();
    String stays = "! plugin a.jar is removed, but its bundle stays: its start does not end";
    assertEquals(stays, bench.told());
    allowed.countDown();
    scansUntil("[f 2.0.0 two]");
    assertEquals("plugin a.jar removed: a 1.0.0", bench.told());
  }

  @Test
  void aStartThatIsLateIsAStart() throws Exception {
    bench.begin();
    put("a.jar", Jars.endless("a", "1.0.0", "start"));
    bench.scans();
    allowed.countDown();
    scansUntil("[a 1.0.0 start]");
    bench.scans();
    assertEquals("", bench.status("-q"));
  }

  @Test
  void whatHeedsAnInterruptCanBeRemoved() throws Exception {
    bench.begin();
    put("a.jar", Jars.endless("a", "1.0.0", "start"));
    bench.scans();
    assertEquals("[a 1.0.0 start off]", bench.state());
    Files.delete(bench.first.resolve("a.jar"));
    bench.scans();
    assertEquals("[]", bench.state());
  }

  @Test
  void aStopThatDoesNotEndPutsOffTheUpdate() throws Exception {
    bench.begin();
    put("a.jar", Jars.endless("a", "1.0.0", "stubborn stop"));
    bench.scans();
    assertEquals("[a 1.0.0 stubborn stop]", bench.state());
    bench.told();
    put("a.jar", Jars.bundle("a", "2.0.0", "two"));
    put("f.jar", Jars.bundle("f", "1.0.0", "one"));
    bench.scans();
    assertEquals(
        "! plugin a.jar cannot be used, its bundle stays as it was: its stop does not end\n"
            + "plugin f.jar installed: f 1.0.0",
        bench.told());
    assertEquals("[a 1.0.0 stubborn stop off, f 1.0.0 one]", bench.state());
    allowed.countDown();
    scansUntil("[a 2.0.0 two, f 1.0.0 one]");
    assertEquals("", bench.status("-q"));
  }

  @Test
  void aServerThatIsToEndEnds() throws Exception {
    bench.begin();
    put("a.jar", Jars.endless("a", "1.0.0", "stubborn stop"));
    bench.scans();
    var halted = new CountDownLatch(1);
    Bundle a = bench.bundle("a");
    Step.begin(a::stop);
    new End(bench.context(), Duration.ofMillis(100), halted::countDown).watch();
    assertTrue(halted.await(60, TimeUnit.SECONDS));
    assertEquals(Bundle.STOPPING, a.getState());
  }
}
