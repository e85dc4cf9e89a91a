package org.sluice.tools.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.control.internal.ControlFiles;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class ShowctlProgramTest {
  @TempDir Path directory;
  private Path home;
  private Path passwd;
  private Path group;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "qmail-showctl");
  }

  @BeforeEach
  void accounts() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    passwd = directory.resolve("passwd");
    group = directory.resolve("group");
    Files.writeString(
        passwd,
        "root:x:0:0::/root:/bin/sh\nalias:x:1:9::/:\nqmaild:x:2:9::/:\nqmaill:x:3:9::/:\n"
            + "qmailp:x:5:9::/:\nqmailq:x:6:9::/:\nqmailr:x:7:9::/:\nqmails:x:8:9::/:\n");
    Files.writeString(group, "qmail:x:21:\nnofiles:x:22:\n");
  }

  private ShowctlProgram program() {
    return new ShowctlProgram(new ControlFiles(home, System::nanoTime), passwd, group);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    var run = new RecordedRun(vector, home);
    run.template.value("UIDS", "1, 2, 3, 0, 5, 6, 7, 8").value("GIDS", "22, 21");
    run.check(program());
  }

  private void control(String name, String text) throws IOException {
    Path control = Files.createDirectories(home.resolve("control"));
    Files.writeString(control.resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  private String show(int status) throws IOException {
    var context = new TestContext(List.of());
    assertEquals(status, program().run(context));
    assertEquals("", context.stderr());
    return context.stdout();
  }

  private String entry(String name) throws IOException {
    String all = show(0);
    int from = all.indexOf("\n\n" + name + ": ") + 2;
    int to = all.indexOf("\n\n", from);
    return all.substring(from, to < 0 ? all.length() : to + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "databytes;abc;(Default.) SMTP DATA limit is 0 bytes.",
        "databytes;12x;SMTP DATA limit is 12 bytes.",
        "queuelifetime;-5;(Default.) Message lifetime in the queue is 604800 seconds.",
        "timeoutremote;99999999999;SMTP client data timeout is 1215752191 seconds.",
        "timeoutremote;4294967295;SMTP client data timeout is 0 seconds.",
        "envnoathost;'';Presumed domain name is .",
        "helohost;'a\u00e9\tb \t|second';SMTP client HELO host name is a??b.",
        "concurrencylocal;7;Local concurrency is 7.",
        "bouncefrom;x;Bounce user name is x.",
        "smtpgreeting;hi there;SMTP greeting: 220 hi there.",
        "badmailfrom;'a@b|#c||\u001b[0m';'|a@b not accepted in MAIL FROM.|?[0m not accepted in MAIL"
            + " FROM.'",
        "badmailfrom;'# nothing';''",
        "percenthack;h;'|The percent hack is allowed for user%host@h.'",
        "qmqpservers;1.2.3.4;'|QMQP server: 1.2.3.4.'",
        "smtproutes;':relay';'|SMTP route: :relay'",
        "morercpthosts;x;'|No rcpthosts; doesn''t matter that morercpthosts has x.'"
      })
  void present(String name, String text, String expected) throws Exception {
    control(name, text.replace('|', '\n') + "\n");
    assertEquals(name + ": " + expected.replace('|', '\n') + "\n", entry(name));
  }

  @Test
  void unreadableFilesAreSaidToBe() throws Exception {
    Files.createDirectories(home.resolve("control/helohost"));
    Files.createDirectories(home.resolve("control/databytes"));
    Files.createDirectories(home.resolve("control/rcpthosts"));
    control("morercpthosts", "x\n");
    for (String name : List.of("helohost", "databytes", "rcpthosts")) {
      assertEquals(name + ": Oops! Trouble reading this file.\n", entry(name));
    }
    assertEquals(
        "morercpthosts: \nSMTP clients may send messages to recipients at x.\n",
        entry("morercpthosts"));
  }

  @Test
  void ageOfMorercpthosts() throws Exception {
    control("rcpthosts", "");
    control("morercpthosts.cdb", "");
    Path cdb = home.resolve("control/morercpthosts.cdb");
    assertEquals(
        "morercpthosts.cdb: Oops! morercpthosts.cdb exists but morercpthosts doesn't.\n",
        entry("morercpthosts.cdb"));
    control("morercpthosts", "");
    FileTime time = Files.getLastModifiedTime(home.resolve("control/morercpthosts"));
    Files.setLastModifiedTime(cdb, time);
    assertEquals(
        "morercpthosts.cdb: Modified recently enough; hopefully up to date.\n",
        entry("morercpthosts.cdb"));
    Files.setLastModifiedTime(cdb, FileTime.fromMillis(time.toMillis() - 10_000));
    assertEquals(
        "morercpthosts.cdb: Oops! morercpthosts.cdb is older than morercpthosts.\n",
        entry("morercpthosts.cdb"));
    Files.delete(cdb);
    assertEquals(
        "morercpthosts.cdb: Oops! morercpthosts exists but morercpthosts.cdb doesn't.\n",
        entry("morercpthosts.cdb"));
  }

  @Test
  void unknownFilesComeLast() throws Exception {
    control(".hidden", "");
    control("concurrencyincoming", "");
    String all = show(0);
    assertTrue(all.contains("\n\n.hidden: I have no idea what this file does.\n"));
    assertTrue(all.indexOf("\nvirtualdomains: ") < all.indexOf("\n.hidden: "));
    assertTrue(all.indexOf("\nvirtualdomains: ") < all.indexOf("\nconcurrencyincoming: "));
  }

  @Test
  void withoutQmailsAccountsTheOwnerOfTheHomeIsGiven() throws Exception {
    control("me", "x\n");
    Files.writeString(passwd, "root:x:0:0::/root:/bin/sh\nalias:x:77:9::/:\n");
    Files.delete(group);
    int uid = (Integer) Files.getAttribute(home, "unix:uid");
    int gid = (Integer) Files.getAttribute(home, "unix:gid");
    String all = show(0);
    String other = ", " + uid;
    assertTrue(all.contains("user ids: 77" + other + other + ", 0" + other.repeat(4) + ".\n"), all);
    assertTrue(all.contains("group ids: " + gid + ", " + gid + ".\n"), all);
  }

  @Test
  void failures() throws Exception {
    String head = show(111);
    assertTrue(head.endsWith("group ids: 22, 21.\nOops! Unable to chdir to control.\n"), head);
    Files.createDirectories(home.resolve("control/me"));
    String me = show(111);
    assertTrue(me.endsWith("group ids: 22, 21.\nOops! Trouble reading control/me."), me);
    home = directory.resolve("absent");
    String absent = show(111);
    assertTrue(absent.endsWith("\nOops! Unable to chdir to " + home + ".\n"), absent);
    assertFalse(absent.contains("badmailfrom"));
  }
}
