package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.delivery.command.internal.ShellAgent;
import org.sluice.testkit.TestDelivery;

/**
 * Processes that die, hang, or are turned against the server by their user: deferrals, and an end.
 */
class WorkerTroubleTest extends WorkerFixture {
  @Test
  void aDeliveryThatHangsIsKilledAtTheLimit() throws Exception {
    qmail("|echo $$ >pid; exec sleep 1000\n");
    // A slow machine may need longer to start it.
    for (int seconds = 1; !Files.exists(home.resolve("pid")); seconds *= 2) {
      transport.stop();
      transport = transport(Duration.ofMinutes(1), Duration.ofSeconds(seconds));
      assertEquals(CRASHED, deliver());
    }
    gone("pid");
  }

  /** With a child whose parent has gone, which is none of its descendants any more. */
  @Test
  void anInterruptKillsIt() throws Exception {
    qmail("|(sleep 1001 & echo $! >orphan); echo $$ >pid; exec sleep 1000\n");
    var delivery = new Started(TestDelivery.message(MESSAGE));
    written("pid");
    delivery.interrupt();
    gone("pid");
    gone("orphan");
  }

  /** Leaves a program that has the process's end of the pipe, reads nothing and outlives all. */
  public static final class Holding implements DeliveryAgent {
    @Override
    public DeliveryResult deliver(Delivery delivery) throws IOException, InterruptedException {
      String script =
          "exec >&- 2>&-; echo $$ >holder; while [ ! -e go ]; do sleep 0.1; done; kill -STOP "
              + ProcessHandle.current().pid()
              + "; echo stopped >stopped; exec sleep 1000";
      int status =
          new ProcessBuilder("setsid", "-f", "/bin/sh", "-c", script)
              .directory(delivery.user().home().toFile())
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      return status == 0 ? new Delivered("") : new TempFail("setsid failed\n");
    }
  }

  @Test
  void aPipeThatIsHeldOpenHoldsNobodyUp() throws Exception {
    add("hold", Holding.class, new Holding());
    qmail("!hold\n");
    assertEquals(new Delivered("did 0+0+1\n"), deliver());
    Files.createFile(home.resolve("go"));
    written("stopped");
    var delivery = new Started(TestDelivery.message("Subject: x\n\n" + "x\n".repeat(1 << 20)));
    while (Thread.getAllStackTraces().entrySet().stream().noneMatch(WorkerTroubleTest::writes)) {
      Thread.sleep(50);
    }
    try {
      delivery.interrupt();
      qmail("./Mailbox\n");
      assertEquals(new Delivered("did 1+0+0\n"), deliver());
    } finally {
      long holder = Long.parseLong(Files.readString(home.resolve("holder")).strip());
      ProcessHandle.of(holder).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean writes(Map.Entry<Thread, StackTraceElement[]> thread) {
    return thread.getKey().getName().startsWith("sluice-worker-")
        && thread.getValue().length > 0
        && thread.getValue()[0].getMethodName().startsWith("writeBytes");
  }

  /** The system refuses more processes, and none of those that there are survives the kill. */
  @Test
  void aForkBomb() throws Exception {
    add("limited", ShellAgent.class, new ShellAgent(Duration.ofMinutes(4)), 90);
    qmail(
        "!limited bomb() { sleep 1000 & bomb & bomb & wait; }; bomb 2>errors &"
            + " while [ ! -s errors ]; do :; done; exec sleep 1000\n");
    var delivery = new Started(TestDelivery.message(MESSAGE));
    written("errors");
    assertTrue(processes() <= 90, "more than allowed");
    delivery.interrupt();
    while (processes() > 0) {
      Thread.sleep(50);
    }
  }

  private static long processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                Path directory = Path.of("/proc/" + process.pid());
                return process.isAlive()
                    && Files.getAttribute(directory, "unix:uid").equals(UID)
                    && !Files.readString(directory.resolve("stat")).contains(") Z ");
              } catch (IOException e) {
                return false; // it has ended
              }
            })
        .count();
  }

  /** 4294967295 means to setresgid(2) that the group stays as it is: the server's. */
  @Test
  void aNumberThatIsNoGroup() throws Exception {
    qmail("|id -g >group\n");
    assertEquals(CRASHED, deliver("nobody@h", TestDelivery.message(MESSAGE)));
    assertFalse(Files.exists(home.resolve("group")));
  }

  @Test
  void aUserWhoKillsItHarmsOnlyHisOwnMail() throws Exception {
    qmail("|kill -9 $PPID; sleep 10\n");
    assertEquals(CRASHED, deliver());
    qmail("./Mailbox\n");
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
  }

  @Test
  void anUnreadableMessage() throws Exception {
    var broken =
        new MessageSource() {
          @Override
          public long size() {
            return 1 << 20;
          }

          @Override
          public Header header() {
            throw new UnsupportedOperationException();
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("Input/output error");
          }
        };
    assertEquals(
        new TempFail("Unable to read message: input/output error. (#4.3.0)\n"),
        deliver("joe@h", broken));
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
  }
}
