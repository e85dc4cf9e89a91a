package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.net.ClientLimits;
import org.sluice.base.Networks;

/** The file that names what a listener waits for, when there is trouble with files. */
class AbsenceTest {
  @TempDir Path home;
  private final Absence absence = new Absence();
  private Settings settings;
  private Path file;
  private long seconds;

  @BeforeEach
  void make() {
    settings = settings();
    file = home.resolve("run/" + settings.portFile() + ".waiting");
  }

  private Settings settings() {
    return new Settings(
        "few-1",
        home,
        "127.0.0.1",
        0,
        "echo",
        "few",
        1,
        new ClientLimits(1, 0, 0, 0, 24, 48),
        0,
        1,
        null,
        Map.of(),
        Duration.ZERO,
        Duration.ZERO,
        false,
        Networks.of(""),
        false);
  }

  private void look(String missing) {
    absence.look(
        settings,
        Optional.of(missing).filter(m -> !m.isEmpty()),
        TimeUnit.SECONDS.toNanos(++seconds));
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenLater() throws Exception {
    Files.writeString(home.resolve("run"), "no directory");
    look("a");
    look("a");
    look("a");
    Files.delete(home.resolve("run"));
    look("a");
    assertEquals("a\n", Files.readString(file));
    look("");
    assertFalse(Files.exists(file));
  }

  @Test
  void whatCouldNotBeRemovedIsRemovedLater() throws Exception {
    look("a");
    look("a");
    assertTrue(Files.exists(file));
    Files.write(file, new byte[] {(byte) 0xff}); // cannot be read, as without a descriptor
    look("");
    Files.writeString(file, "a\n");
    look("");
    assertFalse(Files.exists(file));
  }
}
