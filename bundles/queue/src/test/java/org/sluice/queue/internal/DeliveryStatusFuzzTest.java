package org.sluice.queue.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.regex.Pattern;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.ReportedAction;

/** Whatever a server has said, and whatever an address is, there are fields and nothing else. */
class DeliveryStatusFuzzTest {
  private static final Pattern FIELDS =
      Pattern.compile(
          "Final-Recipient: (rfc822|utf-8); [^\\p{Cntrl}]*\n"
              + "Action: [a-z]+\nStatus: [245]\\.[0-9]{1,3}\\.[0-9]{1,3}\n"
              + "(Remote-MTA: dns; \\[[0-9a-zA-Z:.]+\\]\n)?"
              + "(Diagnostic-Code: (smtp|x-qmail); [^\\p{Cntrl}]*\n)?");

  @DictionaryEntries({"Remote host said: ", "550-5.1.1 x", "(#5.1.2)", "1.2.3.4 failed "})
  @FuzzTest
  void fields(byte[] input) {
    String text = new String(input, ISO_8859_1);
    for (ReportedAction action : List.of(ReportedAction.FAILED, ReportedAction.RELAYED)) {
      for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
        var one = new LeasedRecipient(0, "", channel, action, text, RecipientOptions.NONE);
        for (boolean utf8 : new boolean[] {false, true}) {
          String fields = DeliveryStatus.fields(one, text, utf8);
          assertTrue(FIELDS.matcher(fields).matches(), fields);
          assertTrue(fields.lines().allMatch(line -> line.length() < 998), fields);
          assertTrue(utf8 || DeliveryStatus.ascii(fields), fields);
        }
      }
    }
  }
}
