package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.ReportedAction;

/** From reports for people to fields for programs. */
class DeliveryStatusTest {
  private static String fields(ReportedAction action, Channel channel, String report) {
    var recipient = new LeasedRecipient(0, "u@x", channel, action, report, RecipientOptions.NONE);
    String fields = DeliveryStatus.fields(recipient, "u@x", false);
    return fields.substring(fields.indexOf("Status: "));
  }

  private static String failed(String report) {
    return fields(ReportedAction.FAILED, Channel.REMOTE, report);
  }

  @Test
  void aServersRefusal() {
    assertEquals(
        """
        Status: 5.7.1
        Remote-MTA: dns; [192.0.2.9]
        Diagnostic-Code: smtp; 550-5.7.1 go 550 5.7.1 away
        """,
        failed(
            """
            192.0.2.9 does not like recipient.
            Remote host said: 550-5.7.1 go
            550 5.7.1 away
            Giving up on 192.0.2.9.
            """));
    assertEquals(
        "Status: 5.0.0\nRemote-MTA: dns; [IPv6:2001:db8::1]\nDiagnostic-Code: smtp; 554 no\n",
        failed("2001:db8::1 failed after I sent the message.\nRemote host said: 554 no\n"));
    assertEquals(
        "Status: 4.0.0\nRemote-MTA: dns; [192.0.2.9]\nDiagnostic-Code: smtp; 450 later\n",
        failed("Connected to 192.0.2.9 but sender was rejected.\nRemote host said: 450 later\n"));
  }

  @Test
  void ourOwnReasons() {
    assertEquals(
        "Status: 5.1.2\nDiagnostic-Code: x-qmail; Sorry, I couldn't find x. (#5.1.2)\n",
        failed("Sorry, I couldn't find x. (#5.1.2)\n"));
    assertEquals("Status: 5.0.0\n", failed(""));
    assertEquals(
        "Status: 5.0.0\nDiagnostic-Code: x-qmail; Remote host said: 550 5.7.9 I was told\n",
        fields(ReportedAction.FAILED, Channel.LOCAL, "Remote host said: 550 5.7.9 I was told\n"));
  }

  @Test
  void nothingBreaksOutOfItsField() {
    String fields =
        failed("a\r\nAction: delivered\0\u00ff\n\nFinal-Recipient: x\n" + "y".repeat(5000));
    assertEquals(2, fields.lines().count(), fields);
    assertTrue(DeliveryStatus.ascii(fields));
    assertTrue(fields.lines().allMatch(line -> line.length() < 998));
    var options = new RecipientOptions(Set.of(), Optional.of("rfc822;a+0AAction:+20x"));
    var recipient =
        new LeasedRecipient(0, "u", Channel.LOCAL, ReportedAction.DELIVERED, "", options);
    assertEquals(
        "Original-Recipient: rfc822;a Action: x\nFinal-Recipient: rfc822; b c\n"
            + "Action: delivered\nStatus: 2.0.0\n",
        DeliveryStatus.fields(recipient, "b\nc", false).replace("\"", "").replace("\\", ""));
  }

  @Test
  void addressesBeyondAscii() {
    String umlaut = bytes("\u00fc+\\\u20ac@x");
    assertEquals("utf-8; \\x{FC}\\x{2B}\\x{5C}\\x{20AC}@x", finalRecipient(umlaut, false));
    assertEquals("utf-8; " + umlaut, finalRecipient(umlaut, true));
    assertEquals("rfc822; \"?\"@x", finalRecipient("\u00fc@x", true));
  }

  private static String finalRecipient(String address, boolean utf8) {
    var recipient = new LeasedRecipient(0, "", Channel.LOCAL, "x");
    String field =
        DeliveryStatus.fields(recipient, address, utf8).lines().findFirst().orElseThrow();
    return field.substring("Final-Recipient: ".length());
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
