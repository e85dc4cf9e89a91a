package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.delivery.mbox.internal.MboxAgent;
import org.sluice.testkit.TestDelivery;

/** Processes are used again, go when idle, and are never too many. */
class WorkerPoolTest extends WorkerFixture {
  @Test
  void aWorkerIsUsedAgainAndGoesWhenIdle() throws Exception {
    transport.stop();
    transport = transport(Duration.ofSeconds(2), Duration.ofMinutes(4));
    qmail("|echo $PPID\n");
    var first = deliver();
    assertEquals(first, deliver());
    long pid = Long.parseLong(((Delivered) first).detail().lines().findFirst().orElseThrow());
    while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      Thread.sleep(50);
    }
    assertNotEquals(first, deliver());
  }

  @Test
  void otherAgentsMeanOtherWorkers() throws Exception {
    qmail("|echo $PPID\n");
    var first = deliver();
    var more = new MboxAgent();
    add("mbox2", MboxAgent.class, more);
    var second = deliver();
    assertNotEquals(first, second);
    qmail("!mbox2 ./Mailbox2\n");
    assertEquals(new Delivered("did 0+0+1\n"), deliver());
    assertEquals(UID, Files.getAttribute(home.resolve("Mailbox2"), "unix:uid"));
  }

  @Test
  void manyAtOnce() throws Exception {
    Files.createDirectory(home.resolve("out"));
    give(home.resolve("out"), UID);
    Files.setAttribute(home.resolve("out"), "unix:mode", 0777);
    qmail("|cat >out/$LOCAL; id -u\n");
    var threads = Executors.newFixedThreadPool(12);
    List<Future<DeliveryResult>> results = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String recipient = (i % 2 == 0 ? "joe-" : "other-") + i + "@h";
      var message = TestDelivery.message("Subject: x\n\n" + (i + "\n").repeat(20_000));
      results.add(threads.submit(() -> deliver(recipient, message)));
    }
    for (int i = 0; i < 40; i++) {
      assertEquals(
          new Delivered((i % 2 == 0 ? UID : OTHER) + "\ndid 0+0+1\n"), results.get(i).get());
      Path out = home.resolve("out/" + (i % 2 == 0 ? "joe-" : "other-") + i);
      assertTrue(Files.readString(out).endsWith((i + "\n").repeat(20_000)));
    }
    threads.shutdown();
  }
}
