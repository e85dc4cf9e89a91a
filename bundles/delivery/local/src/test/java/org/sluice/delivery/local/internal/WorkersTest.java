package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.testkit.TestDelivery;

/** A server that runs as root delivers with the rights of the recipient, and with no others. */
class WorkersTest extends WorkerFixture {
  @Test
  void filesAndProgramsAreTheUsers() throws Exception {
    for (String part : List.of("Maildir", "Maildir/tmp", "Maildir/new")) {
      give(Files.createDirectory(home.resolve(part)), UID);
    }
    qmail("./Mailbox\n./Maildir/\n|id -u; id -g; id -G; pwd; umask; echo $PATH; cat >copy\n");
    assertEquals(
        new Delivered(
            "54321\n54322\n54322\n"
                + home.toRealPath()
                + "\n0077\n/dist/bin:/usr/bin:/bin\ndid 2+0+1\n"),
        deliver());
    for (String name : List.of("Mailbox", "copy")) {
      assertEquals(UID, Files.getAttribute(home.resolve(name), "unix:uid"));
      assertEquals(0100600, Files.getAttribute(home.resolve(name), "unix:mode"));
    }
    assertEquals(MESSAGE, Files.readString(home.resolve("copy")));
    assertTrue(Files.readString(home.resolve("Mailbox")).contains("\nDelivered-To: joe@h\n"));
    try (var files = Files.list(home.resolve("Maildir/new"))) {
      List<Path> found = files.toList();
      assertEquals(1, found.size());
      assertEquals(UID, Files.getAttribute(found.get(0), "unix:uid"));
      assertEquals(GID, Files.getAttribute(found.get(0), "unix:gid"));
    }
  }

  /** Nothing of the server's own environment reaches the user's programs. */
  @Test
  void theEnvironmentIsQmailsOnly() throws Exception {
    qmail("|env | grep = | sed 's/=.*//' | sort | tr '\\n' ' '\n");
    String names =
        "DTLINE EXT EXT2 EXT3 EXT4 HOME HOST HOST2 HOST3 HOST4 LOCAL NEWSENDER PATH PWD RECIPIENT"
            + " RPLINE SENDER UFLINE USER ";
    assertEquals(new Delivered(names + "did 0+0+1\n"), deliver());
  }

  @Test
  void programsHaveTheUsersRightsAndMayBeSetUidOnes() throws Exception {
    qmail(
        "|grep -E '^(Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/self/status | tr -d '\\t'\n");
    String zero = "0".repeat(16);
    assertEquals(
        new Delivered(
            "Groups:%2$d \nCapInh:%1$s\nCapPrm:%1$s\nCapEff:%1$s\nCapAmb:%1$s\nNoNewPrivs:0\ndid 0+0+1\n"
                .formatted(zero, GID)),
        deliver());
  }

  @Test
  void forwardsAreTheServersToQueue() throws Exception {
    qmail("./Mailbox\n&a@x\nb@y\n");
    assertEquals(new Delivered("did 1+2+0\nqp 4711\n"), deliver());
    assertEquals("Fs@x\0Ta@x\0Tb@y\0\0", queue.queued.get(0).envelope());
    assertEquals("Delivered-To: joe@h\n" + MESSAGE, queue.queued.get(0).message());
    queue.exit = 31;
    assertEquals(
        new PermFail(
            "Unable to forward message: mail server permanently rejected message (#5.3.0).\n"),
        deliver());
  }

  @Test
  void otherAgentsAreCalledInTheServer() throws Exception {
    var seen = new AtomicReference<String>();
    AllAgents.add(
        agents,
        "index",
        delivery -> {
          delivery.out().write("printed\n".getBytes(StandardCharsets.US_ASCII));
          seen.set(delivery.instruction() + delivery.recipient() + delivery.user().uid());
          return new DeliveryResult.DeliveredStop("indexed\n");
        });
    qmail("!index words\n./Mailbox\n");
    assertEquals(new Delivered("printed\nindexed\ndid 0+0+1\n"), deliver());
    assertEquals("wordsjoe@h54321", seen.get());
    qmail("./Mailbox\n!none\n");
    assertEquals(
        new TempFail(
            "No agent for none deliveries at the moment. (#4.3.0)\n",
            Optional.of(Duration.ofSeconds(1))),
        deliver());
    assertFalse(Files.exists(home.resolve("Mailbox")), "the other agent was not there");
  }

  @Test
  void homesThatOnlyTheUserMayEnter() throws Exception {
    Files.setAttribute(home, "unix:mode", 0700);
    assertEquals(new Delivered("did 1+0+0\n"), deliver());
    assertEquals(
        new TempFail("Unable to switch to " + home + ": access denied. (#4.3.0)\n"),
        deliver("other@h", TestDelivery.message(MESSAGE)));
  }

  @Test
  void linksLeadNoFurtherThanTheUserCouldGo() throws Exception {
    Path secret = Files.writeString(secrets.resolve("secret"), "secret\n");
    Path plain = Files.writeString(directory.resolve("plain"), "plain\n");
    Files.setAttribute(plain, "unix:mode", 0600);
    Files.createSymbolicLink(home.resolve("symbolic"), secret);
    Files.createSymbolicLink(home.resolve("open"), plain);
    Files.createLink(home.resolve("hard"), plain);
    Files.createSymbolicLink(home.resolve("new"), secrets.resolve("new"));
    for (String name : List.of("symbolic", "open", "hard", "new")) {
      qmail("./" + name + "\n");
      assertEquals(
          new TempFail("Unable to open ./" + name + ": access denied. (#4.2.1)\n"), deliver());
    }
    assertEquals("secret\n", Files.readString(secret));
    assertEquals("plain\n", Files.readString(plain));
    assertFalse(Files.exists(secrets.resolve("new")));
    qmail("|cat symbolic open hard; exit 100\n");
    assertFalse(deliver().toString().matches("(?s).*(secret\n|plain\n).*"), "read");
  }

  @Test
  void maildirsOfOthers() throws Exception {
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectory(secrets.resolve(part));
    }
    Files.createSymbolicLink(home.resolve("Maildir"), secrets);
    qmail("./Maildir/\n");
    assertEquals(new TempFail("Unable to chdir to maildir. (#4.2.1)\n"), deliver());
    Files.setAttribute(secrets, "unix:mode", 0755);
    assertEquals(new TempFail("Temporary error on maildir delivery. (#4.3.0)\n"), deliver());
    try (var files = Files.walk(secrets)) {
      assertEquals(4, files.count());
    }
  }

  @Test
  void instructionsOfOthers() throws Exception {
    Files.writeString(secrets.resolve("q"), "&stolen@x\n");
    Files.createSymbolicLink(home.resolve(".qmail"), secrets.resolve("q"));
    assertEquals(new TempFail("Unable to open .qmail: access denied. (#4.3.0)\n"), deliver());
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void races() throws Exception {
    Path victim = Files.writeString(secrets.resolve("victim"), "victim\n");
    Path own = Files.createFile(home.resolve("own"));
    give(own, UID);
    Path name = home.resolve("box");
    Files.createSymbolicLink(name, own);
    qmail("./box\n");
    var stop = new AtomicBoolean();
    var swapper =
        new Thread(
            () -> {
              Path next = home.resolve("next");
              for (boolean bad = true; !stop.get(); bad = !bad) {
                try {
                  Files.deleteIfExists(next);
                  Files.createSymbolicLink(next, bad ? victim : own);
                  Files.move(next, name, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });
    swapper.start();
    int delivered = 0;
    for (int i = 0; i < 100; i++) {
      delivered += deliver() instanceof Delivered ? 1 : 0;
    }
    stop.set(true);
    swapper.join();
    assertEquals("victim\n", Files.readString(victim));
    long there = Files.readString(own).lines().filter(l -> l.startsWith("From ")).count();
    assertEquals(delivered, there);
  }
}
