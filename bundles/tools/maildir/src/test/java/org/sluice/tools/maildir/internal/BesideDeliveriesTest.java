package org.sluice.tools.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.delivery.mbox.internal.MboxAgent;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestContext;

/**
 * maildir2mbox replaces the mbox while mail is delivered to it in the same JVM: nothing is lost.
 */
class BesideDeliveriesTest {
  private static final int EACH = 40;

  @TempDir Path home;

  @Test
  void everyMessageArrivesOnce() throws Exception {
    for (String folder : List.of("M/tmp", "M/new", "M/cur")) {
      Files.createDirectories(home.resolve(folder));
    }
    var agent = new MboxAgent();
    var pool = Executors.newCachedThreadPool();
    try {
      List<Callable<Boolean>> workers = new ArrayList<>();
      workers.add(() -> deliver(agent, "a"));
      workers.add(() -> deliver(agent, "b"));
      workers.add(this::move);
      for (Future<Boolean> worker : pool.invokeAll(workers)) {
        assertTrue(worker.get());
      }
    } finally {
      pool.shutdown();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    }
    List<String> ids =
        Files.readAllLines(home.resolve("Mailbox"), StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.startsWith("Id: "))
            .toList();
    assertEquals(3 * EACH, ids.size());
    assertEquals(3 * EACH, ids.stream().distinct().count());
  }

  private boolean deliver(MboxAgent agent, String prefix) throws InterruptedException {
    boolean all = true;
    for (int i = 0; i < EACH; i++) {
      all &= agent.deliver(delivery("Id: " + prefix + i)) instanceof DeliveryResult.Delivered;
    }
    return all;
  }

  private Delivery delivery(String id) {
    byte[] message = (id + "\n\nbody\n").getBytes(StandardCharsets.ISO_8859_1);
    return new Delivery(
        "./Mailbox",
        new LocalUser("joe", 1000, 1000, home, "", ""),
        new ReversePath("s@x"),
        "joe@h",
        "Return-Path: <s@x>\n",
        "Delivered-To: joe@h\n",
        "From s@x Thu Jan 01 00:00:00 1970\n",
        Map.of(),
        new BytesMessage(message, 0, message.length),
        new RecordingQueue(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
  }

  private boolean move() throws Exception {
    var program = new Maildir2mboxProgram();
    boolean all = true;
    for (int i = 0; i < EACH; i++) {
      Path file = home.resolve("M/new/" + i);
      Files.writeString(file, "Id: c" + i + "\n\nbody\n");
      Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
      var context =
          new TestContext(List.of())
              .in(home)
              .with(Map.of("MAILDIR", "M", "MAIL", "../Mailbox", "MAILTMP", "../Mailbox.tmp"));
      all &= program.run(context) == 0;
    }
    return all;
  }
}
