package org.sluice.admin.tcpto.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Locker;
import org.sluice.testkit.TestContext;

/** Spec 10 section 17.4. */
class TcpokProgramTest {
  @TempDir Path home;
  private Path file;

  @BeforeEach
  void table() throws IOException {
    file = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
    Files.write(file, full(1024));
  }

  private static byte[] full(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  private String run(int status, TestContext context) throws Exception {
    assertEquals(status, new TcpokProgram(new FakeControl(home, Map.of())).run(context));
    assertEquals("", context.stdout());
    return context.stderr();
  }

  private void succeeds() throws Exception {
    assertEquals("", run(0, new TestContext(List.of())));
  }

  private void fails(String words) throws Exception {
    assertEquals("qmail-tcpok: fatal: " + words + "\n", run(111, new TestContext(List.of())));
  }

  @Test
  void forgetsAll() throws Exception {
    succeeds();
    assertArrayEquals(new byte[1024], Files.readAllBytes(file));
  }

  @Test
  void writesThatMuchWhateverTheLength() throws Exception {
    Files.write(file, new byte[0]);
    succeeds();
    assertArrayEquals(new byte[1024], Files.readAllBytes(file));
    byte[] longer = full(1030);
    Files.write(file, longer);
    succeeds();
    Arrays.fill(longer, 0, 1024, (byte) 0);
    assertArrayEquals(longer, Files.readAllBytes(file));
  }

  @Test
  void failures() throws Exception {
    Files.delete(file);
    fails("unable to write " + file + ": file does not exist");
    Files.createDirectory(file);
    fails("unable to write " + file + ": is a directory");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    fails("unable to clear " + file + ": out of disk space");
    Files.delete(file);
    Files.delete(file.getParent());
    fails("unable to chdir to " + home + "/queue/lock: file does not exist");
    home = home.resolve("absent");
    fails("unable to chdir to " + home + ": file does not exist");
    Files.createFile(home);
    fails("unable to chdir to " + home + ": not a directory");
  }

  /** Not the right to read. */
  @Test
  void needsTheRightToWriteOnly() throws Exception {
    assertTrue(file.toFile().setReadable(false));
    succeeds();
  }

  @Test
  void takesTheLock() throws Exception {
    try (var locker = Locker.record(file)) {
      assertEquals(
          "qmail-tcpok: fatal: unable to lock " + file + ": temporary failure\n",
          run(111, new TestContext(List.of()).until(Instant.now())));
      assertTrue(locker.holds());
    }
    assertArrayEquals(full(1024), Files.readAllBytes(file));
    succeeds();
    assertArrayEquals(new byte[1024], Files.readAllBytes(file));
  }
}
