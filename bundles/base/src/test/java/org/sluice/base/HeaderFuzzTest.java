package org.sluice.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The fields of a header are those that a reading line by line finds. */
class HeaderFuzzTest {
  private static final Pattern NAME = Pattern.compile("([!-9;-~]+)[ \\t]*:");

  @DictionaryEntries({"Subject: x", "A :", ":"})
  @FuzzTest
  void fields(byte[] input) throws IOException {
    List<String> expected = fields(new String(input, ISO_8859_1));
    for (int piece : new int[] {1, 3, 1 << 20}) {
      var raw = HeaderReader.raw(new Pieces(input, piece));
      assertEquals(expected, raw.fields());
      assertFalse(raw.truncated());
    }
    var header = HeaderReader.read(new ByteArrayInputStream(input));
    assertEquals(expected.size(), header.fields().size());
    for (int i = 0; i < expected.size(); i++) {
      String field = expected.get(i);
      var matcher = NAME.matcher(field);
      matcher.lookingAt();
      assertEquals(matcher.group(1), header.fields().get(i).name());
      String value = field.substring(field.indexOf(':') + 1);
      assertEquals(
          value.endsWith("\n") ? value.substring(0, value.length() - 1) : value,
          header.fields().get(i).body());
    }
  }

  private static List<String> fields(String text) {
    List<String> fields = new ArrayList<>();
    for (String line : text.split("(?<=\n)")) {
      int last = fields.size() - 1;
      if (last >= 0 && (line.startsWith(" ") || line.startsWith("\t"))) {
        fields.set(last, fields.get(last) + line);
      } else if (NAME.matcher(line).lookingAt()) {
        fields.add(line);
      } else {
        break;
      }
    }
    return fields;
  }
}
