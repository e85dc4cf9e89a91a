package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.smtp.SmtpHooks;

/** Domains in U-labels and in A-labels, in rcpthosts and badmailfrom (spec 20 section 15.10). */
class InternationalTest {
  private static final String BUECHER = bytes("b\u00fccher.example");
  private static final String UPPER = bytes("B\u00dcCHER.Example");
  private static final String LABELS = "xn--bcher-kva.example";
  private static final String NOT_HERE =
      "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
  private static final String BAD =
      "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)";

  /** UTF-8, as bytes in ISO-8859-1. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static SmtpTalk talk() {
    return new SmtpTalk(
        dialogue ->
            Optional.of(
                new SmtpHooks() {
                  @Override
                  public List<String> keywords() {
                    return List.of("SMTPUTF8");
                  }

                  @Override
                  public Set<String> mailParameters() {
                    return Set.of("SMTPUTF8");
                  }
                }));
  }

  private static String last(SmtpTalk talk, String said) throws Exception {
    List<String> lines = SmtpTalk.lines(talk.say(said));
    return lines.get(lines.size() - 1);
  }

  private static String rcpt(SmtpTalk talk, String domain) throws Exception {
    return last(talk, "MAIL FROM:<a>\r\nRCPT TO:<u@" + domain + ">\r\n");
  }

  @Test
  void rcptHosts() throws Exception {
    for (String entry : List.of(LABELS, "XN--Bcher-KVA.example", BUECHER, UPPER)) {
      var talk = talk().control("rcpthosts", entry + "\nhere\n");
      for (String domain : List.of(LABELS, "XN--BCHER-kva.EXAMPLE", BUECHER, UPPER, "HERE")) {
        assertEquals("250 ok", rcpt(talk, domain), entry + " " + domain);
      }
      assertEquals(NOT_HERE, rcpt(talk, "sub." + BUECHER));
      assertEquals(NOT_HERE, rcpt(talk, bytes("buch\u00fc.example")));
    }
    for (String entry : List.of("." + LABELS, "." + BUECHER)) {
      var talk = talk().control("rcpthosts", entry + "\n");
      assertEquals("250 ok", rcpt(talk, "sub." + BUECHER));
      assertEquals("250 ok", rcpt(talk, bytes("\u00fc.") + LABELS));
      assertEquals("250 ok", rcpt(talk, "sub." + LABELS));
      assertEquals(NOT_HERE, rcpt(talk, BUECHER));
      assertEquals(NOT_HERE, rcpt(talk, LABELS));
    }
  }

  @Test
  void moreRcptHosts() throws Exception {
    for (String key : List.of(LABELS, BUECHER, "." + LABELS, "." + BUECHER)) {
      var talk = talk().control("rcpthosts", "here\n").control("morercpthosts.cdb", key + "\n");
      String sub = key.startsWith(".") ? "sub." : "";
      for (String domain : List.of(LABELS, BUECHER, UPPER)) {
        assertEquals("250 ok", rcpt(talk, sub + domain), key + " " + domain);
      }
      assertEquals(NOT_HERE, rcpt(talk, bytes("\u00fc.example")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"b\u00fccher.example", "\u00c3", "\u00c3\u00bc_x.example", "\u00c3\u00bc..", "."})
  void whatIsNoDomainDoesNotMatch(String domain) throws Exception {
    assertEquals(NOT_HERE, rcpt(talk().control("rcpthosts", LABELS + "\n"), domain));
    // Its octets may be what the file has, as ever; as a U-label it is nothing there either.
    var talk = talk().control("rcpthosts", domain + "\n" + LABELS + "\n");
    assertEquals("250 ok", rcpt(talk, domain));
    assertEquals("250 ok", rcpt(talk, BUECHER));
    assertEquals(NOT_HERE, rcpt(talk, "example"));
  }

  @Test
  void badMailFrom() throws Exception {
    for (String entry : List.of("@" + LABELS, "@" + BUECHER, "@" + UPPER, "U@" + BUECHER)) {
      var talk = talk().control("badmailfrom", entry + "\n@evil\n");
      for (String domain : List.of(LABELS, BUECHER, UPPER, "EVIL")) {
        assertEquals(
            BAD, last(talk, "MAIL FROM:<u@" + domain + ">\r\nRCPT TO:<a@b>\r\n"), entry + domain);
      }
      for (String good : List.of("", "x", "u@b\u00fccher.example", "u@sub." + BUECHER)) {
        assertEquals("250 ok", last(talk, "MAIL FROM:<" + good + ">\r\nRCPT TO:<a@b>\r\n"), good);
      }
    }
  }

  @Test
  void withoutTheExtensionDomainsAreOctets() throws Exception {
    var talk = new SmtpTalk(d -> Optional.of(new SmtpHooks() {}));
    talk.control("rcpthosts", LABELS + "\n").control("badmailfrom", "@" + LABELS + "\n");
    assertEquals(NOT_HERE, rcpt(talk, BUECHER));
    assertTrue(
        last(talk, "MAIL FROM:<u@%s>\r\nRCPT TO:<a>\r\n".formatted(BUECHER)).equals("250 ok"));
    talk.control("rcpthosts", BUECHER + "\n");
    assertEquals("250 ok", rcpt(talk, BUECHER));
    assertEquals(NOT_HERE, rcpt(talk, LABELS));
    assertEquals(NOT_HERE, rcpt(talk, UPPER));
  }
}
