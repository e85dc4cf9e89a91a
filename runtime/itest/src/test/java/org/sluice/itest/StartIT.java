package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The operator's command. */
class StartIT {
  private static long start(Server server) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    server.start();
    long millis = (System.nanoTime() - begin) / 1_000_000;
    System.out.println("ready after " + millis + " ms on Java " + Runtime.version().feature());
    return millis;
  }

  @Test
  void startStatusStop() throws Exception {
    try (var server = new Server("start", Map.of())) {
      assertTrue(start(server) > 0);
      assertTrue(server.sluice("status").contains("smtp: 127.0.0.1:" + server.port()));
      var twice = assertThrows(IOException.class, server::start);
      assertTrue(twice.getMessage().contains("already running"), twice.getMessage());
      server.sluice("stop");
      assertThrows(IOException.class, () -> server.sluice("status"));
      assertThrows(IOException.class, () -> server.sluice("flush"));
      start(server);
      server.kill();
      assertThrows(IOException.class, () -> server.sluice("status"));
      start(server); // what the killed one left behind is in nobody's way
    }
  }

  @Test
  void theClassArchiveIsMadeAnewWhenItDoesNotFit() throws Exception {
    assumeTrue(Runtime.version().feature() >= 19, "older JDKs do not keep one");
    try (var server = new Server("archive", Map.of())) {
      Path archive = server.home.resolve("run/server.jsa");
      start(server);
      server.sluice("stop");
      long size = Files.size(archive);
      assertTrue(size > 1 << 20, "size: " + size);
      start(server);
      server.sluice("stop");
      for (int length : new int[] {100, 1 << 20}) { // cut short while it was written
        Files.write(archive, java.util.Arrays.copyOf(Files.readAllBytes(archive), length));
        start(server);
        server.sluice("stop");
        assertTrue(Files.size(archive) > 1 << 20, "size: " + Files.size(archive));
      }
      Files.writeString(server.home.resolve("run/server.jsa.for"), "another JDK");
      start(server);
      assertFalse(Files.exists(archive));
      server.sluice("stop");
      assertTrue(Files.size(archive) > 1 << 20, "size: " + Files.size(archive));
      String console = Files.readString(server.home.resolve("log/console"));
      assertEquals(-1, console.indexOf("arning"), console);
    }
  }
}
