package org.sluice.delivery.mbox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestDelivery;

/** Sixteen deliveries at once into one mailbox, while other programs lock, read and rewrite it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedMailboxTest {
  private static final int THREADS = 16;
  private static final int EACH = 6;
  private static final int NOBODY = 65534;

  @TempDir Path directory;
  private Path home;
  private Path mailbox;
  private boolean root;

  @BeforeEach
  void make() throws IOException {
    root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    Files.setAttribute(directory, "unix:mode", 0755);
    home = Files.createDirectory(directory.resolve("home"));
    mailbox = Files.createFile(home.resolve("Mailbox"));
    Files.setAttribute(mailbox, "unix:mode", 0600);
    if (root) { // Dovecot serves no mail of root's
      give(home);
      give(mailbox);
    }
  }

  private static void give(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", NOBODY);
    Files.setAttribute(path, "unix:gid", NOBODY);
  }

  /** Some a few octets, some larger than any buffer, all with lines to be quoted. */
  private static String body(int thread, int number) {
    return ("From line of " + thread + "." + number + "\n").repeat(1 + (thread * 37 + number) * 20);
  }

  private void deliverAll() throws Exception {
    var agent = new MboxAgent(Duration.ofMinutes(4));
    var threads = Executors.newFixedThreadPool(THREADS);
    List<Future<DeliveryResult>> results = new ArrayList<>();
    for (int i = 0; i < THREADS * EACH; i++) {
      int thread = i % THREADS;
      int number = i / THREADS;
      String text = "Subject: s " + thread + "." + number + ".\n\n" + body(thread, number);
      var delivery = new TestDelivery(home).message(TestDelivery.message(text));
      results.add(threads.submit(() -> agent.deliver(delivery.of("./Mailbox"))));
    }
    for (var result : results) {
      assertEquals(new DeliveryResult.Delivered(""), result.get(4, TimeUnit.MINUTES));
    }
    threads.shutdown();
  }

  /** The bodies by subject; every message must be whole. */
  private static Map<String, String> read(String mbox) {
    Map<String, String> out = new HashMap<>();
    for (String message : mbox.split("(?m)^From ")) {
      if (message.isEmpty()) {
        continue;
      }
      int blank = message.indexOf("\n\n");
      Matcher subject =
          Pattern.compile("(?m)^Subject: s (\\d+\\.\\d+|ext\\d+)\\.$").matcher(message);
      assertTrue(blank > 0 && subject.find(), "torn: " + message);
      String body = message.substring(blank + 2);
      assertTrue(body.endsWith("\n\n"), "torn: " + message);
      String before = out.put(subject.group(1), body.substring(0, body.length() - 1));
      assertEquals(null, before, "twice: " + subject.group(1));
    }
    return out;
  }

  private static void whole(Map<String, String> messages) {
    messages.forEach(
        (name, body) -> {
          String expected = "external\n";
          if (!name.startsWith("ext")) {
            String[] numbers = name.split("\\.");
            expected = body(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
          }
          assertEquals(expected.replace("From ", ">From "), body, name);
        });
  }

  private String mailbox() throws IOException {
    return Files.readString(mailbox, StandardCharsets.ISO_8859_1);
  }

  /** A program that runs in a loop until the file stop appears. */
  private Process loop(String command) throws IOException {
    List<String> words = new ArrayList<>();
    if (root) {
      words.addAll(
          List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups"));
    }
    words.addAll(
        List.of("/bin/sh", "-c", "n=0; while [ ! -e stop ]; do n=$((n+1)); " + command + "; done"));
    var builder =
        new ProcessBuilder(words).directory(home.toFile()).redirectErrorStream(true).inheritIO();
    builder.environment().put("HOME", home.toString());
    builder.environment().put("USER", "nobody");
    return builder.start();
  }

  private void stop(Process process) throws Exception {
    if (!Files.exists(home.resolve("stop"))) {
      Files.createFile(home.resolve("stop"));
    }
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the other program hangs");
    assertEquals(0, process.exitValue());
  }

  @Test
  void alone() throws Exception {
    deliverAll();
    var messages = read(mailbox());
    assertEquals(THREADS * EACH, messages.size());
    whole(messages);
  }

  /** procmail's lockfile around a reader: each copy has whole messages only. */
  @Test
  void withReadersThatUseADotLock() throws Exception {
    Installed.program("lockfile");
    Process reader =
        loop("lockfile -1 -r 200 Mailbox.lock && { cp Mailbox copy.$n; rm -f Mailbox.lock; }");
    deliverAll();
    stop(reader);
    whole(read(mailbox()));
    int copies = 0;
    try (var files = Files.newDirectoryStream(home, "copy.*")) {
      for (Path copy : files) {
        whole(read(Files.readString(copy, StandardCharsets.ISO_8859_1)));
        copies++;
      }
    }
    assertTrue(copies > 0, "nothing was read meanwhile");
  }

  /** procmail delivers into the same mailbox, with dot-lock and fcntl. */
  @Test
  void withProcmailDelivering() throws Exception {
    Installed.program("procmail");
    Process procmail =
        loop(
            "printf 'From e@x Wed Nov 04 11:46:07 2026\\nSubject: s ext%d.\\n\\nexternal\\n' $n"
                + " | procmail -p DEFAULT=$HOME/Mailbox VERBOSE=off /dev/null");
    deliverAll();
    stop(procmail);
    var messages = read(mailbox());
    long external = messages.keySet().stream().filter(name -> name.startsWith("ext")).count();
    assertEquals(THREADS * EACH, messages.size() - external);
    assertTrue(external > 0, "procmail delivered nothing meanwhile");
    whole(messages);
  }

  /** Dovecot rewrites the mailbox in place all the time. */
  @Test
  void withDovecotRewriting() throws Exception {
    Installed.program("doveadm");
    Files.writeString(
        home.resolve("dovecot.conf"),
        """
        mail_location = mbox:%1$s/mail:INBOX=%1$s/Mailbox
        base_dir = %1$s/run
        state_dir = %1$s/run
        mail_uid = %2$s
        mail_gid = %3$s
        first_valid_uid = 0
        first_valid_gid = 0
        mbox_write_locks = dotlock fcntl
        ssl = no
        """
            .formatted(
                home, Files.getAttribute(home, "unix:uid"), Files.getAttribute(home, "unix:gid")));
    Files.setAttribute(home.resolve("dovecot.conf"), "unix:mode", 0644);
    Process dovecot =
        loop(
            "doveadm -c dovecot.conf flags add '\\Seen' mailbox INBOX ALL || exit 1;"
                + " doveadm -c dovecot.conf flags remove '\\Seen' mailbox INBOX ALL || exit 1;"
                + " echo $n >rounds");
    deliverAll();
    while (!Files.exists(home.resolve("rounds")) && dovecot.isAlive()) {
      Thread.sleep(50);
    }
    stop(dovecot);
    var messages = read(mailbox());
    assertEquals(THREADS * EACH, messages.size());
    whole(messages);
  }
}
