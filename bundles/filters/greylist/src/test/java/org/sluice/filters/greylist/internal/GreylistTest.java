package org.sluice.filters.greylist.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/** Over the dialogue of the real listener. */
class GreylistTest {
  private static final String OK = "250 ok";

  @TempDir Path home;
  private final SmtpTalk talk = new SmtpTalk();
  private final List<String> complaints = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Greylist greylist;

  @BeforeEach
  void begin() {
    open("198.51.100.0/24 nonsense", "Free@here.example,@free.example nobody");
    talk.with("TCPREMOTEIP", "192.0.2.7");
  }

  private void open(String clients, String recipients) {
    var settings =
        new Settings(
            new State.Rules(300, 48 * 3600, 35 * 86_400, 5, 3_000),
            new Exemptions(clients, recipients, complaints::add),
            24,
            64);
    greylist = new Greylist(settings, new Journal(home.resolve("var/greylist")), () -> now);
    talk.chain.recipientFilter = Optional.of(greylist);
    talk.chain.messageFilter = Optional.of(greylist);
  }

  @AfterEach
  void end() {
    greylist.stop();
  }

  private static String wait(int seconds) {
    return "451 4.7.1 greylisted, come again in " + seconds + " seconds";
  }

  private String rcpt(String sender, String recipient) throws Exception {
    List<String> lines =
        SmtpTalk.lines(talk.say("MAIL FROM:<" + sender + ">\r\nRCPT TO:<" + recipient + ">\r\n"));
    assertEquals(3, lines.size());
    return lines.get(2);
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  @Test
  void aStrangerComesAgain() throws Exception {
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(299);
    assertEquals(wait(1), rcpt("A@b", "c@D"));
    assertEquals(wait(300), rcpt("a@b", "other@d"));
    pass(1);
    assertEquals(OK, rcpt("a@b", "c@d"));
    assertEquals(wait(299), rcpt("a@b", "other@d"));
    pass(35 * 86_400);
    assertEquals(OK, rcpt("a@b", "c@d"));
    pass(35 * 86_400);
    assertEquals(OK, rcpt("a@b", "c@d"), "each mail renews it");
    pass(35 * 86_400 + 1);
    assertEquals(wait(300), rcpt("a@b", "c@d"));
  }

  @Test
  void whoComesTooLateBeginsAnew() throws Exception {
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(48 * 3600 + 1);
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(48 * 3600);
    assertEquals(OK, rcpt("a@b", "c@d"));
  }

  @Test
  void aClockThatIsSetBack() throws Exception {
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(-86_400);
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(300);
    assertEquals(OK, rcpt("a@b", "c@d"));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.250,192.0.3.7",
    "::ffff:192.0.2.7,192.0.2.8,192.0.3.8",
    "2001:db8:0:1::7,2001:DB8:0:1:ffff::8,2001:db8:0:2::7"
  })
  void aClientIsItsNetwork(String client, String neighbour, String other) throws Exception {
    talk.with("TCPREMOTEIP", client);
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    pass(300);
    talk.with("TCPREMOTEIP", other);
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    talk.with("TCPREMOTEIP", neighbour);
    assertEquals(OK, rcpt("a@b", "c@d"));
  }

  @Test
  void whoNeverWaits() throws Exception {
    talk.with("TCPREMOTEIP", "198.51.100.9");
    assertEquals(OK, rcpt("a@b", "c@d"));
    talk.with("TCPREMOTEIP", "192.0.2.7");
    assertEquals(OK, rcpt("a@b", "free@HERE.example"));
    assertEquals(OK, rcpt("a@b", "any@free.example"));
    assertEquals(wait(300), rcpt("a@b", "any@not.free.example"));
    assertEquals(wait(300), rcpt("a@b", "nobody"));
    talk.with("TCPREMOTEIP", "unknown");
    assertEquals(OK, rcpt("a@b", "c@d"));
    talk.with("TCPREMOTEIP", "192.0.2.7").with("RELAYCLIENT", "");
    assertEquals(OK, rcpt("a@b", "c@d"));
    assertEquals(2, complaints.size(), complaints::toString);
    assertTrue(complaints.get(0).endsWith("nonsense"), complaints.get(0));
    assertTrue(complaints.get(1).endsWith("nobody"), complaints.get(1));
  }

  @Test
  void aNetworkThatHasComeAgainOftenPasses() throws Exception {
    for (int i = 1; i <= 5; i++) {
      assertEquals(wait(300), rcpt("a@b", "c" + i + "@d"));
      assertEquals(wait(300), rcpt("a@b", "d" + i + "@d"));
      pass(3600);
      assertEquals(OK, rcpt("a@b", "c" + i + "@d"));
      assertEquals(OK, rcpt("a@b", "d" + i + "@d"), "counts once an hour");
    }
    assertEquals(OK, rcpt("any@where", "new@d"));
    talk.with("TCPREMOTEIP", "192.0.2.8");
    assertEquals(OK, rcpt("any@where", "newer@d"));
    pass(35 * 86_400 + 1);
    assertEquals(wait(300), rcpt("any@where", "new@d"));
  }

  /** Call-backs are told the truth; the mail itself waits. */
  @Test
  void theNullSenderIsToldAtTheEnd() throws Exception {
    String mail =
        "MAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\nhi\r\n.\r\nMAIL FROM:<x@y>\r\nRCPT TO:<c@d>\r\n";
    List<String> lines = SmtpTalk.lines(talk.say(mail));
    assertEquals(
        List.of(OK, OK, "354 go ahead", wait(300), OK, wait(300)), lines.subList(1, lines.size()));
    assertEquals(0, talk.queue.queued.size());
    pass(300);
    lines = SmtpTalk.lines(talk.say(mail));
    assertTrue(lines.get(4).startsWith("250 ok "), lines.toString());
    assertEquals(1, talk.queue.queued.size());
  }

  @ParameterizedTest
  @CsvSource({
    "list-return-12-joe=x.example@l.example,list-return-#-joe=x.example@l.example",
    "a+b+c@d,a@d",
    "prvs=1234abcdef=joe@x.example,joe@x.example",
    "srs0=hash=tt=x.example=joe@f.example,x.example=joe@f.example",
    "joe99@x99.example,joe99@x99.example",
    "#@[],#@[]",
    "'',''"
  })
  void sendersThatDifferWithEachMessage(String sender, String counts) {
    assertEquals(counts, Triplet.sender(sender));
  }

  @Test
  void whatIsRememberedOutlivesTheFilter() throws Exception {
    assertEquals(wait(300), rcpt("a@b", "c@d"));
    greylist.stop();
    pass(100);
    open("", "");
    assertEquals(wait(200), rcpt("a@b", "c@d"));
  }

  @Test
  void numbersThatMakeNoSense() {
    complaints.clear();
    GreylistConfig config =
        Defaults.with("delay", -1, "ipv6Prefix", 129, "maxEntries", 1, "lifetime", 0);
    var rules = Settings.of(config, complaints::add).rules();
    assertEquals(new State.Rules(300, 48 * 3600, 35 * 86_400, 5, 150_000), rules);
    assertEquals(4, complaints.size(), complaints::toString);
  }
}
