package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import org.sluice.itest.filter.TestFilter.Behaviour;

/** Third-party filter bundles in the assembled system, over real sockets. */
class FilterIT {
  private static final String PID = "org.sluice.filters";
  private static final String FROM = "a@b.example";
  private static final String TO = Server.user() + "@localhost";
  private static final Pattern SUBJECT = Pattern.compile("\nSubject: (m\\d+)\n");
  private static final Pattern STAMP = Pattern.compile("\nStamp: (\\d+)\\.0\\.0\n");

  @RegisterExtension static final Framework FRAMEWORK = new Framework("filter");

  private final List<Bundle> installed = new ArrayList<>();

  @BeforeEach
  void empty() throws IOException {
    FRAMEWORK.maildir().clear();
  }

  @AfterEach
  void uninstall() throws Exception {
    FRAMEWORK.configure(PID, "required", "");
    for (Bundle bundle : installed) {
      bundle.uninstall();
    }
    Poll.until("the listener goes on", 30_000, () -> send("after").startsWith("250"));
  }

  /** Without what was sent to see how the server answers, before this test or after the last. */
  private static List<String> stampable(Maildir maildir) throws IOException {
    return maildir.messages().stream().filter(m -> SUBJECT.matcher(m).find()).toList();
  }

  private static void require(String filter) throws Exception {
    FRAMEWORK.configure(PID, "required", filter);
    Poll.until("refused", 30_000, () -> send("before").contains(" filter " + filter + " is "));
  }

  private Bundle install(Behaviour behaviour, String properties) throws Exception {
    var jar = FilterBundle.jar(1, behaviour, "sluice.filter.name=stamp " + properties);
    Bundle bundle = FRAMEWORK.context().installBundle("memory:stamp", jar);
    installed.add(bundle);
    bundle.start();
    return bundle;
  }

  /** The greeting if it refuses, else the reply to a message. */
  private static String send(String subject) throws IOException {
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      if (!client.greeting.startsWith("220")) {
        return client.greeting;
      }
      client.command("HELO client.example");
      return client.send(FROM, TO, "Subject: " + subject + "\n\nx\n");
    }
  }

  private static String found(Pattern pattern, String message) {
    Matcher matcher = pattern.matcher(message);
    assertTrue(matcher.find(), "no " + pattern + " in " + message);
    String value = matcher.group(1);
    assertTrue(!matcher.find(), "two " + pattern + " in " + message);
    return value;
  }

  @Test
  void updatesUnderLoadLoseNothingAndEachMessagePassesOneVersion() throws Exception {
    int messages = 5_000;
    int updates = 20;
    require("stamp");
    Bundle filter = install(Behaviour.STAMPS, "");
    var senders = Senders.start(FRAMEWORK.port(), 50, messages);
    for (int version = 2; version <= updates + 1; version++) {
      // Evenly spread, and never before the last version has seen mail.
      int share = messages * (version - 1) / (updates + 2);
      int target = Math.max(share, senders.accepted() + 20);
      Poll.until("mail flows", 120_000, () -> senders.accepted() >= target);
      filter.update(FilterBundle.jar(version, Behaviour.STAMPS, "sluice.filter.name=stamp"));
    }
    assertEquals(List.of(), senders.trouble());
    var maildir = FRAMEWORK.maildir();
    Poll.until(
        "all are delivered",
        120_000,
        () -> maildir.count() >= messages && stampable(maildir).size() >= messages);
    var subjects = new TreeSet<String>();
    var versions = new TreeMap<String, Integer>();
    for (String message : stampable(maildir)) {
      assertTrue(subjects.add(found(SUBJECT, message)), "delivered twice: " + message);
      versions.merge(found(STAMP, message), 1, Integer::sum);
      assertEquals(
          2, message.split("\nReceived: \\(qmail ", -1).length, "one trace line of this host's");
    }
    assertEquals(messages, subjects.size());
    assertEquals(updates + 1, versions.size(), "every version has seen mail: " + versions);
  }

  @Test
  void withoutARequiredFilterNoMailIsTaken() throws Exception {
    require("nobody-has-seen-it");
    assertTrue(send("x").startsWith("421 4.3.2 "), "it may be one that is asked at connection");
    require("stamp");
    Bundle filter = install(Behaviour.STAMPS, "");
    assertEquals("250", send("x").substring(0, 3));
    filter.stop();
    String refusal = "451 4.3.2 filter stamp is required and missing, try again";
    assertEquals(refusal, send("x"));
    filter.start();
    assertEquals("250", send("x").substring(0, 3));
  }

  @Test
  void observersAreToldOfListenersFiltersAndDeliveries() throws Exception {
    Path file = FRAMEWORK.home().resolve("observed");
    Bundle observer =
        FRAMEWORK.context().installBundle("memory:observer", FilterBundle.observer(file));
    installed.add(observer);
    observer.start();
    assertEquals("250", send("x").substring(0, 3));
    Poll.until("two events", 30_000, () -> observed(file).size() == 2);
    String envelope = ": from <" + FROM + "> to <" + TO + ">";
    // Whoever takes mail tells of it after the commit: the delivery may be faster.
    List<String> both = observed(file).stream().sorted().toList();
    assertTrue(both.get(0).startsWith("ACCEPTED queued smtp-"), () -> read(file));
    assertTrue(both.get(0).endsWith(envelope), () -> read(file));
    assertTrue(both.get(1).startsWith("DELIVERED queued <" + TO + ">"), () -> read(file));
    install(Behaviour.GIVES_NULL, "");
    assertEquals("451", send("x").substring(0, 3));
    Poll.until("a third", 30_000, () -> observed(file).size() == 3);
    String third = observed(file).get(2);
    assertTrue(third.startsWith("REFUSED smtp-"), third);
    assertTrue(third.endsWith(envelope + ": 451 4.3.0 a filter failed, try again"), third);
    observer.stop(); // the last one: from now on nobody is told
    assertEquals("451", send("x").substring(0, 3));
    assertEquals(3, observed(file).size());
  }

  private static List<String> observed(Path file) {
    return read(file).lines().toList();
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delivered(String subject, boolean stamped) throws Exception {
    var maildir = FRAMEWORK.maildir();
    Poll.until(subject + " is there", 30_000, () -> count(maildir, subject) == 1);
    for (String message : maildir.messages()) {
      if (message.contains("\nSubject: " + subject + "\n")) {
        assertEquals(stamped, message.contains("\nStamp: 1.0.0\n"), message);
        assertTrue(!message.contains("\nLate:"), message);
      }
    }
  }

  private static long count(Maildir maildir, String subject) throws IOException {
    return maildir.messages().stream()
        .filter(message -> message.contains("\nSubject: " + subject + "\n"))
        .count();
  }

  private static boolean behaves(Behaviour behaviour) {
    return List.of(Behaviour.STAMPS, Behaviour.LEAKS_STREAMS, Behaviour.GOES_ON_AFTER_THE_CALL)
        .contains(behaviour);
  }

  private String answer(Behaviour behaviour, String onFailure, String subject) throws Exception {
    Bundle filter = install(behaviour, "sluice.timeout=1 sluice.onFailure=" + onFailure);
    String reply = send(subject);
    filter.uninstall();
    installed.clear();
    return reply.substring(0, 3);
  }

  @ParameterizedTest
  @EnumSource
  void whateverAFilterDoesTheReplyIsAsConfigured(Behaviour behaviour) throws Exception {
    boolean well = behaves(behaviour);
    assertEquals(well ? "250" : "451", answer(behaviour, "tempfail", "t"));
    assertEquals(well ? "250" : "554", answer(behaviour, "reject", "r"));
    assertEquals("250", answer(behaviour, "accept", "a"));
    delivered("a", well);
    assertEquals("250", answer(behaviour, "quarantine", "q"));
    assertEquals("250", answer(behaviour, "reject sluice.mode=shadow", "s"));
    delivered("s", false);
    if (!well) {
      var maildir = FRAMEWORK.maildir();
      assertEquals(0, count(maildir, "t") + count(maildir, "r") + count(maildir, "q"));
    }
  }
}
