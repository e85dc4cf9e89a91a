package org.sluice.admin.tcpto.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Locker;
import org.sluice.testkit.TestContext;

/** What spec 10 section 17.3 has seen in tests, and the failures. */
class TcptoProgramTest {
  private static final long NOW = 1_000_000_000L;

  @TempDir Path home;
  private Path file;

  @BeforeEach
  void table() throws IOException {
    file = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
    Files.write(file, new byte[1024]);
  }

  private final ByteBuffer records = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

  private void add(int a, int b, int c, int d, int count, long secondsAgo) {
    records.put(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d, (byte) count, 9, 9, 9});
    records.putInt((int) (NOW - secondsAgo)).putInt(-1);
  }

  private TestContext run(int status, TestContext context) throws Exception {
    var control = new FakeControl(home, Map.of());
    var program = new TcptoProgram(control, () -> Instant.ofEpochSecond(NOW));
    assertEquals(status, program.run(context));
    assertEquals("", context.stderr());
    return context;
  }

  private void prints(String text) throws Exception {
    assertEquals(text, run(0, new TestContext(List.of())).stdout());
  }

  private void fails(String words) throws Exception {
    assertEquals("fatal: " + words + "\n", run(111, new TestContext(List.of())).stdout());
  }

  private static final String SEEN =
      "10.0.0.1 timed out 5 seconds ago; # recent timeouts: 1\n"
          + "192.168.255.9 timed out 4000 seconds ago; # recent timeouts: 10\n"
          + "1.2.3.5 timed out 18446744073709551611 seconds ago; # recent timeouts: 127\n";

  private void seen() {
    add(10, 0, 0, 1, 1, 5);
    add(10, 0, 0, 2, 0, 5);
    add(192, 168, 255, 9, 10, 4000);
    add(1, 2, 3, 4, 200, 7);
    add(1, 2, 3, 5, 127, -5);
  }

  @Test
  void printsAsSeen() throws Exception {
    seen();
    Files.write(file, records.array());
    prints(SEEN);
    assertEquals(records, ByteBuffer.wrap(Files.readAllBytes(file)).position(records.position()));
  }

  @Test
  void printsWholeRecordsOfAShorterFileAndNoMoreOfALongerOne() throws Exception {
    seen();
    byte[] bytes = records.array().clone();
    Files.write(file, Arrays.copyOf(bytes, 79));
    prints(SEEN.substring(0, SEEN.indexOf("1.2.3.5")));
    records.position(1008);
    add(255, 255, 255, 255, 2, NOW);
    Files.write(file, Arrays.copyOf(records.array(), 1040));
    prints(SEEN + "255.255.255.255 timed out 1000000000 seconds ago; # recent timeouts: 2\n");
    bytes = new byte[1040];
    bytes[1028] = 1; // the 65th
    Files.write(file, bytes);
    prints("");
  }

  /** The time has 32 bits and no sign. */
  @Test
  void printsTimesBeyond2038() throws Exception {
    add(10, 0, 0, 1, 1, NOW - 0xffffffffL);
    Files.write(file, records.array());
    prints(
        "10.0.0.1 timed out "
            + Long.toUnsignedString(NOW - 0xffffffffL)
            + " seconds ago; # recent timeouts: 1\n");
  }

  @Test
  void anEmptyTableIsNothingToPrint() throws Exception {
    prints("");
    Files.write(file, new byte[0]);
    prints("");
  }

  @Test
  void failures() throws Exception {
    Files.delete(file);
    fails("unable to open tcpto: file does not exist");
    Files.createDirectory(file);
    fails("unable to open tcpto: is a directory");
    Files.delete(file);
    // What the system does not let anybody read at 0.
    Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
    fails("unable to read tcpto: input/output error");
    Files.delete(file);
    Files.delete(file.getParent());
    fails("unable to chdir: file does not exist");
    Files.createFile(file.getParent());
    fails("unable to chdir: not a directory");
    home = home.resolve("absent");
    fails("unable to chdir: file does not exist");
  }

  @Test
  void needsTheRightToWrite() throws Exception {
    Assumptions.assumeFalse(System.getProperty("user.name").equals("root"), "root may do all");
    assertTrue(file.toFile().setWritable(false));
    fails("unable to open tcpto: access denied");
    assertTrue(file.getParent().toFile().setExecutable(false));
    fails("unable to chdir: access denied");
    assertTrue(file.getParent().toFile().setExecutable(true));
  }

  @Test
  void takesTheLock() throws Exception {
    seen();
    Files.write(file, records.array());
    try (var locker = Locker.record(file)) {
      var context = run(111, new TestContext(List.of()).until(Instant.now()));
      assertEquals("fatal: unable to lock tcpto: temporary failure\n", context.stdout());
      assertTrue(locker.holds());
    }
    prints(SEEN);
  }
}
