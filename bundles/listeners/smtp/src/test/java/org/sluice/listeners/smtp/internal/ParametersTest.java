package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;

/** Which parameters of MAIL and RCPT are taken (spec 20 section 15.0). */
class ParametersTest {
  private static final String UNKNOWN = "555 5.5.4 that parameter is not offered";
  private static final String MALFORMED = "501 5.5.4 syntax error in a parameter";
  private static final String BODY = "501 5.5.4 no such BODY here";

  /** What the extensions were given. */
  private final List<SmtpParameter> seen = new ArrayList<>();

  /** Announces a line, and takes these; a parameter BAD is one that it refuses itself. */
  private SmtpExtension taking(String line, Set<String> mail, Set<String> recipient) {
    return dialogue ->
        Optional.of(
            new SmtpHooks() {
              @Override
              public List<String> keywords() {
                return line.isEmpty() ? List.of() : List.of(line);
              }

              @Override
              public Set<String> mailParameters() {
                return mail;
              }

              @Override
              public Set<String> recipientParameters() {
                return recipient;
              }

              @Override
              public Optional<Reply> mail(List<SmtpParameter> parameters) {
                seen.addAll(parameters);
                return parameters.stream().anyMatch(p -> p.keyword().equals("BAD"))
                    ? Optional.of(Reply.of(452, "4.3.1", "its own word"))
                    : Optional.empty();
              }
            });
  }

  private final SmtpTalk talk =
      new SmtpTalk(
          taking("ONE", Set.of("A", "X-1"), Set.of()), taking("TWO", Set.of(), Set.of("B")));

  /** The replies after those to the hello, {@code N} lines and the greeting. */
  private static List<String> after(int lines, String said) {
    List<String> all = SmtpTalk.lines(said);
    return all.subList(lines + 1, all.size());
  }

  private String mail(String parameters) throws Exception {
    var said = after(5, talk.say("EHLO x\r\nMAIL FROM:<a>" + parameters + "\r\nRCPT TO:<b>\r\n"));
    // A refused MAIL begins no transaction.
    assertEquals(said.get(0).startsWith("250") ? "250 ok" : "503 MAIL first (#5.5.1)", said.get(1));
    return said.get(0);
  }

  private List<String> rcpt(String parameters) throws Exception {
    return after(
        6,
        talk.say(
            "EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b>%s\r\nDATA\r\n.\r\n".formatted(parameters)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " A",
        " a=1",
        " A=x X-1=<>+,;",
        "  A  X-1 ",
        " BODY=8bitmime A",
        " A=\u00fc"
      })
  void whatIsOfferedIsTaken(String parameters) throws Exception {
    assertEquals("250 ok", mail(parameters));
  }

  @ParameterizedTest
  @ValueSource(strings = {" FOO", " FOO=1", " A FOO", " B", " ONE", "FOO", " SMTPUTF8", " SIZE=1"})
  void whatIsNotOfferedIsRefused(String parameters) throws Exception {
    assertEquals(UNKNOWN, mail(parameters));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " A=",
        " A=b=c",
        " =",
        " =1",
        " A A",
        " a=1 A=2",
        " FOO FOO=",
        " -A",
        " A_B",
        " A=\u0001",
        " A=1\u007f"
      })
  void whatIsMalformedOrSaidTwiceIsRefused(String parameters) throws Exception {
    String expected = parameters.equals(" FOO FOO=") ? UNKNOWN : MALFORMED;
    assertEquals(expected, mail(parameters));
  }

  @ParameterizedTest
  @CsvSource({"7BIT,", "8bitMime,", "BINARYMIME,no", "9BIT,no", "8BITMIME ,"})
  void body(String value, String refused) throws Exception {
    assertEquals(refused == null ? "250 ok" : BODY, mail(" BODY=" + value));
  }

  @Test
  void bodyNeedsAValueAndIsOfMail() throws Exception {
    assertEquals(BODY, mail(" BODY"));
    assertEquals(UNKNOWN, rcpt(" BODY=7BIT").get(0));
    String said =
        new SmtpTalk(taking("BINARYMIME", Set.of("BODY"), Set.of()))
            .say("EHLO x\r\nMAIL FROM:<a> BODY=BinaryMime\r\n");
    assertEquals(List.of("250 ok"), after(4, said));
  }

  private List<Boolean> eightBit(SmtpTalk with, String... commands) throws Exception {
    with.queue.envelopes.clear();
    String rest = "RCPT TO:<b>\r\nDATA\r\n.\r\n";
    with.say(String.join(rest, commands) + rest, 1 << 16);
    return with.queue.envelopes.stream().map(e -> e.options().eightBit()).toList();
  }

  @Test
  void eightBitIsRecordedForItsMessage() throws Exception {
    String mail = "MAIL FROM:<a>";
    assertEquals(
        List.of(false, true, false, true, false, true),
        eightBit(
            talk,
            "EHLO x\r\n" + mail + "\r\n",
            mail + " BODY=8BITMIME\r\n",
            mail + " BODY=7BIT\r\n",
            mail + " A body=8bitMime\r\n",
            mail + " A=8BITMIME\r\n",
            // A MAIL that is refused takes nothing away, nor does it add anything.
            mail + " BODY=8BITMIME\r\n" + mail + " BODY=7BIT FOO\r\n"));
    assertEquals(
        List.of(false),
        eightBit(talk, "EHLO x\r\n" + mail + "\r\n" + mail + " BODY=8BITMIME BODY=8BITMIME\r\n"));
    var binary = new SmtpTalk(taking("BINARYMIME", Set.of("BODY"), Set.of()));
    assertEquals(
        List.of(false, true),
        eightBit(
            binary, "EHLO x\r\n" + mail + " BODY=BINARYMIME\r\n", mail + " BODY=8BITMIME\r\n"));
  }

  @Test
  void whereParametersAreIgnoredEightBitIsToo() throws Exception {
    String mail = "MAIL FROM:<a> BODY=8BITMIME\r\n";
    assertEquals(List.of(false), eightBit(talk, "HELO x\r\n" + mail));
    assertEquals(List.of(false), eightBit(new SmtpTalk(), "EHLO x\r\n" + mail));
  }

  @Test
  void atRcptTheTransactionStays() throws Exception {
    assertEquals("250 ok", rcpt(" B=1").get(0));
    assertEquals(List.of(UNKNOWN, "503 RCPT first (#5.5.1)"), rcpt(" A").subList(0, 2));
    assertEquals(MALFORMED, rcpt(" B B").get(0));
    assertEquals(
        List.of(UNKNOWN, "250 ok"),
        after(6, talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> FOO\r\nRCPT TO:<b> B\r\n")));
  }

  @Test
  void anExtensionsOwnWordGoesFirst() throws Exception {
    assertEquals("452 4.3.1 its own word", mail(" BAD"));
  }

  @Test
  void afterHeloAllAreIgnored() throws Exception {
    for (String hello : List.of("HELO x\r\n", "EHLO x\r\nHELO x\r\n", "")) {
      String said = talk.say(hello + "MAIL FROM:<a> FOO A A BAD BODY=x\r\nRCPT TO:<b> =\r\n");
      List<String> lines = SmtpTalk.lines(said);
      assertEquals(
          List.of("250 ok", "250 ok"), lines.subList(lines.size() - 2, lines.size()), hello);
    }
    assertEquals(List.of(), seen);
  }

  @Test
  void withoutAnExtensionThatTakesAnyLikewise() throws Exception {
    String mail = "MAIL FROM:<a> FOO A A= BODY=x\r\nRCPT TO:<b> =\r\n";
    assertEquals(
        List.of("250 ok", "250 ok"),
        after(4, new SmtpTalk(taking("L", Set.of(), Set.of())).say("EHLO x\r\n" + mail)));
    assertEquals(List.of("250 ok", "250 ok"), after(3, new SmtpTalk().say("EHLO x\r\n" + mail)));
    // Nor does it count what an extension would take that has not announced itself.
    assertEquals(
        List.of("250 ok", "250 ok"),
        after(3, new SmtpTalk(taking("", Set.of("A"), Set.of())).say("EHLO x\r\n" + mail)));
  }

  @Test
  void manyAreNoTrouble() throws Exception {
    String many = String.join(" ", Collections.nCopies(10_000, "FOO=1"));
    assertEquals(UNKNOWN, mail(" " + many));
  }

  @ParameterizedTest
  @ValueSource(strings = {" FOO", " A A", " BODY=x", " BAD"})
  void aRefusedMailChangesNothing(String parameters) throws Exception {
    String refused = "MAIL FROM:<other>" + parameters + "\r\n";
    String rest = "RCPT TO:<c>\r\nDATA\r\n.\r\nDATA\r\n";
    String said =
        talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> B\r\n" + refused + refused + rest);
    List<String> lines = after(7, said);
    assertEquals(mail(parameters), lines.get(0));
    assertEquals(lines.get(0), lines.get(1));
    talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> B\r\n" + refused + refused + rest);
    assertEquals(
        List.of("Fa\0Tb\0Tc\0\0"), talk.queue.queued.stream().map(q -> q.envelope()).toList());
    assertEquals("503 MAIL first (#5.5.1)", lines.get(lines.size() - 1));
  }
}
