package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Mail;

class FileDiskTest {
  @TempDir Path directory;

  private static byte[] read(DiskFile file, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && file.read(buffer, buffer.position()) >= 0) {
      continue;
    }
    return buffer.array();
  }

  @Test
  void filesAreForTheirOwnerOnly() throws IOException {
    var disk = new FileDisk(directory.resolve("q"));
    try (var file = disk.create("f")) {
      file.write(ByteBuffer.wrap(Mail.body(1, 10)), 0);
      assertEquals(10, file.size());
    }
    var mode = Files.getPosixFilePermissions(directory.resolve("q/f"));
    assertEquals("rw-------", PosixFilePermissions.toString(mode));
    mode = Files.getPosixFilePermissions(directory.resolve("q"));
    assertEquals("rwx------", PosixFilePermissions.toString(mode));
    assertEquals(List.of("f"), disk.list(""));
  }

  @Test
  void anInterruptedThreadClosesTheFileForNobody() throws IOException {
    var disk = new FileDisk(directory);
    byte[] body = Mail.body(1, 5000);
    try (var file = disk.create("f")) {
      Thread.currentThread().interrupt();
      file.write(ByteBuffer.wrap(body), 0);
      assertTrue(Thread.interrupted());
      Thread.currentThread().interrupt();
      assertArrayEquals(body, read(file, 5000));
      assertTrue(Thread.interrupted());
      Thread.currentThread().interrupt();
      file.force();
      assertTrue(Thread.interrupted());
      assertArrayEquals(body, read(file, 5000));
    }
  }

  @Test
  void interruptsInTheMiddleOfReadsAndWritesDoNoHarm() throws Exception {
    var disk = new FileDisk(directory);
    byte[] body = Mail.body(1, 1 << 20);
    var failure = new AtomicReference<Throwable>();
    var stop = new AtomicBoolean();
    try (var file = disk.create("f")) {
      file.write(ByteBuffer.wrap(body), 0);
      var worker =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 300; i++) {
                    assertArrayEquals(body, read(file, body.length));
                    file.write(ByteBuffer.wrap(body), 0);
                    Thread.interrupted();
                  }
                } catch (IOException | AssertionError e) {
                  failure.set(e);
                } finally {
                  stop.set(true);
                }
              },
              "worker");
      worker.start();
      while (!stop.get()) {
        worker.interrupt();
        assertArrayEquals(body, read(file, body.length));
      }
      worker.join();
    }
    assertEquals(null, failure.get());
  }

  @Test
  void aClosedFileStaysClosed() throws IOException {
    var disk = new FileDisk(directory);
    var file = disk.create("f");
    file.close();
    assertThrows(ClosedChannelException.class, () -> file.write(ByteBuffer.allocate(1), 0));
    assertThrows(ClosedChannelException.class, () -> file.read(ByteBuffer.allocate(1), 0));
    assertThrows(ClosedChannelException.class, file::force);
  }
}
