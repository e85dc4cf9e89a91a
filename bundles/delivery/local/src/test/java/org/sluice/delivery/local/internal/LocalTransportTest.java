package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestDelivery;

/** The local channel: qmail-lspawn's part (spec 10 section 12.6). */
class LocalTransportTest {
  private static final String MESSAGE = "Subject: hi\n\nbody line\n";

  @TempDir Path home;
  private final RecordingQueue queue = new RecordingQueue();
  private Agents agents;
  private int own;
  private LocalTransport transport;
  private UserDirectory users = local -> Optional.empty();

  @BeforeEach
  void make() throws IOException {
    Files.setAttribute(home, "unix:mode", 0755);
    own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    agents = AllAgents.make();
    transport = transport(true);
    users(this::joe);
  }

  private LocalTransport transport(boolean allowRoot) {
    return new LocalTransport(
        new LocalDelivery(agents, Clock.systemUTC()),
        () -> "./Mailbox",
        Map.of("PATH", "/usr/bin:/bin"),
        allowRoot,
        own,
        Optional.empty());
  }

  /** The only directory from now on. */
  private void users(UserDirectory directory) {
    transport.removeUsers(users);
    users = directory;
    transport.addUsers(users, Map.of());
  }

  private Optional<LocalUser> joe(String local) {
    String ext = local.startsWith("joe-") ? local.substring(4) : local;
    return Optional.of(
        local.equals("joe")
            ? new LocalUser("joe", own, 77, home, "", "")
            : new LocalUser("joe", own, 77, home, "-", ext));
  }

  private DeliveryResult deliver(String recipient) throws Exception {
    return deliver(recipient, "s@x");
  }

  private DeliveryResult deliver(String recipient, String sender) throws Exception {
    return deliver(recipient, sender, MessageOptions.NONE);
  }

  private DeliveryResult deliver(String recipient, String sender, MessageOptions options)
      throws Exception {
    return transport.deliver(
        new Attempt(
            new QueueId(1),
            new ReversePath(sender),
            recipient,
            TestDelivery.message(MESSAGE),
            queue,
            options,
            RecipientOptions.NONE));
  }

  private void qmail(String name, String text) throws IOException {
    Files.writeString(home.resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void addressesWithoutHostOrLocalPart() throws Exception {
    var noHost = new PermFail("Sorry, address must include host name. (#5.1.3)\n");
    assertEquals(noHost, deliver("noat"));
    assertEquals(noHost, deliver(""));
    assertEquals(new Delivered(""), deliver("@example.org"));
  }

  @Test
  void theLastAtSignSplits() throws Exception {
    qmail(".qmail-default", "|echo \"$LOCAL $EXT $HOST $SENDER\"; exit 0");
    assertEquals(new Delivered("joe-dump@a dump@a b s@x\ndid 0+0+1\n"), deliver("joe-dump@a@b"));
  }

  @Test
  void whatIsPrintedIsTheReportInItsOrder() throws Exception {
    qmail(".qmail-a", "|echo 1; echo 2 >&2; echo 3\n|echo 4 >&2; exit 111\n");
    assertEquals(new TempFail("1\n2\n3\n4\n"), deliver("joe-a@b"));
    qmail(".qmail-a", "|printf 'abc\\000def'\n");
    assertEquals(new Delivered("abc"), deliver("joe-a@b"));
    qmail(".qmail-a", "|kill -9 $$\n");
    assertEquals(new TempFail("Aack, child crashed. (#4.3.0)\n"), deliver("joe-a@b"));
    qmail(".qmail-a", "|head -c 1000000 /dev/zero | tr '\\000' x; exit 100\n");
    String why = ((PermFail) deliver("joe-a@b")).why();
    assertTrue(why.startsWith("x".repeat(2966) + "\nError report too long, sorry.\n"), why);
    assertTrue(why.length() <= 3000);
  }

  @Test
  void forwardsGoToTheQueueInTheUsersName() throws Exception {
    qmail(".qmail-f", "&a@x\nb@y\n");
    assertEquals(new Delivered("did 0+2+0\nqp 4711\n"), deliver("joe-f@h"));
    assertEquals("Fs@x\0Ta@x\0Tb@y\0\0", queue.queued.get(0).envelope());
    assertEquals("Delivered-To: joe-f@h\n" + MESSAGE, queue.queued.get(0).message());
  }

  @Test
  void forwardsKeepRequireTlsAndNothingElse() throws Exception {
    qmail(".qmail-f", "&a@x\n");
    var asked = MessageOptions.NONE.withDsn(Optional.empty(), Optional.of("id"));
    deliver("joe-f@h", "s@x", asked.withRequireTls(true));
    deliver("joe-f@h", "s@x", asked);
    assertEquals(
        List.of(MessageOptions.NONE.withRequireTls(true), MessageOptions.NONE),
        queue.envelopes.stream().map(Envelope::options).toList());
  }

  @Test
  void aPartialMessageAndOctetsOfAddresses() throws Exception {
    qmail(".qmail-default", "|printf '%s' \"$LOCAL\" \"$SENDER\"\n");
    assertEquals(
        new Delivered("joe-caf\u00e9\u0080s\u00ff\u00fe@xdid 0+0+1\n"),
        deliver("joe-caf\u00e9\u0080@h", "s\u00ff\u00fe@x"));
  }

  /** A .qmail file whose name is no UTF-8 is found; its like that is not there is not. */
  @Test
  void octetsOfFileNames() throws Exception {
    var delivery = new TestDelivery(home);
    new org.sluice.delivery.command.internal.ShellAgent(Duration.ofMinutes(1))
        .deliver(delivery.of("echo ./raw >\"$(printf '.qmail-caf\\351')\""));
    qmail(".qmail-default", "./default\n");
    assertEquals(new Delivered("did 1+0+0\n"), deliver("joe-caf\u00c9@h"));
    assertTrue(Files.exists(home.resolve("default")), "capital letters are of ASCII only");
    assertEquals(new Delivered("did 1+0+0\n"), deliver("joe-CAF\u00e9@h"));
    assertTrue(Files.exists(home.resolve("raw")));
  }

  @Test
  void rootGetsNoMailUnlessAllowed() throws Exception {
    transport = transport(false);
    users(local -> Optional.of(new LocalUser("root", 0, 0, home, "", "")));
    assertEquals(new TempFail("Not allowed to perform deliveries as root.\n"), deliver("root@h"));
  }

  @Test
  void lookUpsThatFail() throws Exception {
    users(failing(new UserLookupException(117, "users/cdb", null)));
    assertEquals(new TempFail("Trouble reading users/cdb in qmail-lspawn.\n"), deliver("joe@h"));
    users(failing(new UserLookupException(115, "home", null)));
    assertEquals(new TempFail("NFS failure in qmail-local.\n"), deliver("joe@h"));
    users(failing(new IOException("something")));
    assertEquals(new TempFail("Temporary failure in qmail-lspawn.\n"), deliver("joe@h"));
    users(local -> Optional.empty());
    assertEquals(new PermFail("Sorry, no mailbox here by that name. (#5.1.1)\n"), deliver("joe@h"));
    users(local -> Optional.of(new LocalUser("j", own, 0, Path.of("h"), "", "")));
    assertEquals(new TempFail("Internal qmail-lspawn bug.\n"), deliver("joe@h"));
  }

  private static UserDirectory failing(IOException why) {
    return local -> {
      throw why;
    };
  }

  @Test
  void withoutDirectoryItIsTriedAgainSoon() throws Exception {
    transport.removeUsers(local -> Optional.empty()); // another that goes changes nothing
    assertEquals(new Delivered("did 1+0+0\n"), deliver("joe@h"));
    transport.removeUsers(users);
    assertEquals(
        new TempFail(
            "No user directory at the moment. (#4.3.0)\n", Optional.of(Duration.ofSeconds(1))),
        deliver("joe@h"));
  }

  @Test
  void agentsOfTheirOwnInstructions() throws Exception {
    qmail(".qmail", "!archive  years/2026 x\n!plain\n!not an!address@x\n!Upper\n");
    var missing =
        new TempFail(
            "No agent for archive deliveries at the moment. (#4.3.0)\n",
            Optional.of(Duration.ofSeconds(1)));
    assertEquals(missing, deliver("joe@h"));
    var calls = new StringBuilder();
    AllAgents.add(
        agents,
        "archive",
        delivery -> {
          calls
              .append(delivery.instruction())
              .append('|')
              .append(delivery.environment().get("HOST"));
          return new Delivered("archived\n");
        });
    AllAgents.add(agents, "plain", delivery -> new Delivered("[" + delivery.instruction() + "]"));
    AllAgents.add(agents, "not", delivery -> new DeliveryResult.DeliveredStop("stop\n"));
    assertEquals(new Delivered("archived\n[]stop\ndid 0+0+3\n"), deliver("joe@h"));
    assertEquals("years/2026 x|h", calls.toString());
    qmail(".qmail", "!Upper\n!user@x\n!\n! a\n");
    assertEquals(new Delivered("did 0+4+0\nqp 4711\n"), deliver("joe@h"));
    assertEquals("Fs@x\0T!Upper\0T!user@x\0T!\0T! a\0\0", queue.queued.get(0).envelope());
    Files.setAttribute(home.resolve(".qmail"), "unix:mode", 0700);
    qmail(".qmail", "!archive x\n");
    assertEquals(
        new TempFail("Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)\n"),
        deliver("joe@h"));
  }

  /** Or what precedes would be delivered again with each attempt. */
  @Test
  void nothingIsDeliveredUntilAllAgentsAreThere() throws Exception {
    qmail(".qmail", "./Mailbox\n!late x\n");
    assertTrue(deliver("joe@h").toString().contains("No agent for late deliveries"));
    assertFalse(Files.exists(home.resolve("Mailbox")));
    AllAgents.add(agents, "late", delivery -> new Delivered(""));
    assertEquals(new Delivered("did 1+0+1\n"), deliver("joe@h"));
  }

  @Test
  void agentsThatFail() throws Exception {
    qmail(".qmail", "!bad\n");
    var thrown = new AtomicReference<Throwable>();
    AllAgents.add(
        agents,
        "bad",
        delivery -> {
          if (thrown.get() == null) {
            return null;
          }
          throw LocalTransportTest.<RuntimeException>sneaked(thrown.get());
        });
    var deferred = new TempFail("Temporary error in bad delivery. (#4.3.0)\n");
    assertEquals(deferred, deliver("joe@h"), "no result");
    for (Throwable each :
        List.of(
            new IOException("disk"),
            new IllegalStateException("a bug"),
            new AssertionError("a bug"),
            new StackOverflowError(),
            new NoClassDefFoundError("a.B"),
            new ReflectiveOperationException("sneaked"),
            new Throwable("neither"))) {
      thrown.set(each);
      assertEquals(deferred, deliver("joe@h"), each.toString());
    }
    thrown.set(new InterruptedException());
    assertThrows(InterruptedException.class, () -> deliver("joe@h"));
  }

  /** Checked exceptions where none is declared, as other languages throw them. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaked(Throwable any) throws T {
    throw (T) any;
  }

  @Test
  void mailOfAnotherAccountWaitsForAServerThatMay() throws Exception {
    users(local -> Optional.of(new LocalUser("ann", own + 1, 77, home, "", "")));
    String why =
        "Delivery as another user is not possible: this server runs as uid %d, the account has uid %d."
            + " (#4.3.0)\n";
    assertEquals(new TempFail(why.formatted(own, own + 1)), deliver("ann@h"));
  }

  /** Only a regular file is a .qmail file (spec 40 section 7.1): others are as if not there. */
  @Test
  @Timeout(60)
  void aPipeOrADirectoryIsNoDotQmailFile() throws Exception {
    Files.createDirectory(home.resolve(".qmail"));
    assertEquals(new Delivered("did 1+0+0\n"), deliver("joe@h"));
    Files.delete(home.resolve(".qmail"));
    assertEquals(
        0, new ProcessBuilder("mkfifo", home.resolve(".qmail").toString()).start().waitFor());
    assertEquals(new Delivered("did 1+0+0\n"), deliver("joe@h"));
  }

  @Test
  void hugeDotQmailFilesAreNotReadIntoMemory() throws Exception {
    try (var file =
        java.nio.channels.FileChannel.open(
            home.resolve(".qmail"),
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      file.write(java.nio.ByteBuffer.wrap(new byte[] {'#'}), 1L << 33);
    }
    assertEquals(new TempFail("Out of memory. (#4.3.0)\n"), deliver("joe@h"));
  }
}
