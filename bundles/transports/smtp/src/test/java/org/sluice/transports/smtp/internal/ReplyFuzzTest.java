package org.sluice.transports.smtp.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.testkit.TestConnection;

/** Replies of a server, whatever it says and however it comes (spec 30 section 2.8). */
class ReplyFuzzTest {
  /** Three octets and a hyphen begin a line that is not the last; codes are not looked at. */
  private static final Pattern REPLY =
      Pattern.compile("(?s)(...)(?>-[^\n]*\n...)*+(?:\n|[^\n-][^\n]*\n)");

  private static final int KEPT = 5000;

  @DictionaryEntries({"250 ok", "250-", "421 x"})
  @FuzzTest
  void replies(byte[] input) throws IOException {
    String text = new String(input, ISO_8859_1);
    List<ServerReply> expected = new ArrayList<>();
    var reply = REPLY.matcher(text);
    int at = 0;
    while (reply.region(at, text.length()).lookingAt()) {
      expected.add(reply(reply.group(), reply.group(1)));
      at = reply.end();
    }
    for (int piece : new int[] {1, 3, 1 << 16}) {
      assertEquals(expected, all(new TestConnection(text, Map.of(), piece).in()));
    }
    assertNotNull(Condensed.of(text, false, false));
  }

  private static ServerReply reply(String whole, String digits) {
    int code = 0;
    for (char digit : digits.toCharArray()) {
      code = code * 10 + digit - '0';
    }
    String text = whole.replace("\r", "").replace('\0', '?');
    return new ServerReply(
        code < 0 ? Integer.MAX_VALUE : code, text.substring(0, Math.min(KEPT, text.length())));
  }

  private static List<ServerReply> all(InputStream in) throws IOException {
    List<ServerReply> all = new ArrayList<>();
    var reader = new ReplyReader(in);
    try {
      while (true) {
        all.add(reader.read());
      }
    } catch (EOFException e) {
      return all;
    }
  }
}
