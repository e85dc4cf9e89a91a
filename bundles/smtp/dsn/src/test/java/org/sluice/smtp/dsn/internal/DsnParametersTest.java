package org.sluice.smtp.dsn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class DsnParametersTest {
  private final Map<String, Object> seen = new HashMap<>();

  /** The second one looks at the attributes at DATA. */
  private final SmtpTalk talk =
      new SmtpTalk(
          new DsnParameters(),
          dialogue ->
              Optional.of(
                  new SmtpHooks() {
                    @Override
                    public SmtpAnswer command(SmtpCommand command) {
                      if (command.verb().equals("data")) {
                        seen.putAll(dialogue.transaction().orElseThrow().attributes());
                      }
                      return SmtpAnswer.pass();
                    }
                  }));

  @Test
  void keepsWhatIsRight() throws Exception {
    talk.say(
        "EHLO x\r\nMAIL FROM:<a> RET=hdrs ENVID=QQ+2B314159\r\n"
            + "RCPT TO:<b@c> NOTIFY=SUCCESS,delay ORCPT=rfc822;b+2Bx@c\r\n"
            + "RCPT TO:<d> NOTIFY=NEVER\r\nRCPT TO:<e>\r\nDATA\r\n.\r\n");
    assertEquals(
        Map.of(
            "DSN.RET", "hdrs",
            "DSN.ENVID", "QQ+2B314159",
            "DSN.NOTIFY b@c", "SUCCESS,delay",
            "DSN.ORCPT b@c", "rfc822;b+2Bx@c",
            "DSN.NOTIFY d", "NEVER"),
        seen);
    assertEquals("Fa\0Tb@c\0Td\0Te\0\0", talk.queue.queued.get(0).envelope());
  }

  @Test
  void promisesNothing() throws Exception {
    assertFalse(talk.say("EHLO x\r\n").contains("DSN"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RET",
        "RET=",
        "RET=BODY",
        "RET=FULL RET=FULL",
        "ENVID",
        "ENVID=a b=c ENVID=a",
        "ENVID=+0A",
        "ENVID=a+b",
        "NOTIFY=NEVER",
        "ORCPT=rfc822;a"
      })
  void refusesAtMail(String parameters) throws Exception {
    List<String> lines = SmtpTalk.lines(talk.say("EHLO x\r\nMAIL FROM:<a> " + parameters + "\r\n"));
    assertTrue(lines.get(4).startsWith("501 5.5.4 syntax error in parameter "), lines.get(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTIFY",
        "NOTIFY=",
        "NOTIFY=NEVER,SUCCESS",
        "NOTIFY=SUCCESS,SUCCESS",
        "NOTIFY=SUCCESS,",
        "NOTIFY=x",
        "NOTIFY=SUCCE\u00df",
        "ORCPT=",
        "ORCPT=rfc822",
        "ORCPT=;a",
        "ORCPT=rfc822;",
        "ORCPT=rfc822;a+0",
        "ORCPT=rfc822;a ORCPT=rfc822;a",
        "RET=FULL",
        "ENVID=a"
      })
  void refusesAtRcpt(String parameters) throws Exception {
    List<String> lines =
        SmtpTalk.lines(talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> " + parameters + "\r\n"));
    assertTrue(lines.get(5).startsWith("501 5.5.4 syntax error in parameter "), lines.get(5));
  }

  @Test
  void lengthsAreBounded() throws Exception {
    String said =
        talk.say(
            "EHLO x\r\nMAIL FROM:<a> ENVID=%s\r\nMAIL FROM:<a> ENVID=%s\r\nRCPT TO:<b> ORCPT=%s\r\nRCPT TO:<b> ORCPT=%s\r\n"
                .formatted(
                    "a".repeat(101),
                    "a".repeat(100),
                    "x;" + "a".repeat(499),
                    "x;" + "a".repeat(498)));
    assertEquals(
        List.of("501", "250", "501", "250"),
        SmtpTalk.lines(said).subList(4, 8).stream().map(l -> l.substring(0, 3)).toList());
  }
}
