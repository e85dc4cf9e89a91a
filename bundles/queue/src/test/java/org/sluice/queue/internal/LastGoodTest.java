package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.control.internal.ControlFiles;

/** X8 of spec 10 section 10.3. */
class LastGoodTest {
  private static final String ALERT = "alert: unable to reread control/";

  @TempDir Path home;
  private final List<String> log = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private LastGood control;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(home.resolve("control"));
    var files = new ControlFiles(home, () -> clock.addAndGet(1_000_000_000));
    control = new LastGood(new DeliveryLog(log::add));
    control.bind(files);
  }

  private Path file(String name) {
    return home.resolve("control").resolve(name);
  }

  @Test
  void whatWasReadStaysAndIsToldOnce() throws IOException {
    Files.writeString(file("locals"), "a.example\n");
    Files.writeString(file("virtualdomains"), "v.example:joe\n");
    Files.writeString(file("concurrencylocal"), "7\n");
    Files.writeString(file("me"), "me.example\n");
    read();
    for (String name : List.of("locals", "virtualdomains", "concurrencylocal", "me")) {
      Files.delete(file(name));
      Files.createDirectory(file(name));
    }
    read();
    read();
    assertEquals(
        List.of(
            ALERT + "locals",
            ALERT + "virtualdomains",
            ALERT + "concurrencylocal",
            ALERT + "me",
            ALERT + "bouncehost"),
        log);
    Files.delete(file("locals"));
    assertEquals(Optional.empty(), control.list("locals"), "it can be read, and is not there");
    Files.createDirectory(file("locals"));
    assertEquals(Optional.empty(), control.list("locals"));
    assertEquals(6, log.size(), "another time that it cannot be read");
  }

  private void read() throws IOException {
    assertEquals(Optional.of(List.of("a.example")), control.list("locals"));
    assertEquals(Optional.of(Map.of("v.example", "joe")), control.map("virtualdomains"));
    assertEquals(7, control.number("concurrencylocal", 10));
    assertEquals(Optional.of("me.example"), control.line("me"));
    assertEquals("me.example", control.lineOrMe("bouncehost"));
  }

  @Test
  void whatCouldNeverBeReadIsAnError() throws IOException {
    Files.createDirectory(file("locals"));
    assertThrows(IOException.class, () -> control.list("locals"));
    assertEquals(List.of(), log);
  }
}
