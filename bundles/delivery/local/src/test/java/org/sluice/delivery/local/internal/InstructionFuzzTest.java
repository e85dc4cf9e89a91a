package org.sluice.delivery.local.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.sluice.delivery.local.internal.Instruction.Kind;

/** A .qmail file means what its lines mean (spec 40 section 7.2). */
class InstructionFuzzTest {
  private static final Pattern AGENT = Pattern.compile("(?s)!([a-z0-9][a-z0-9_.-]*)([ \t].*)?");

  @DictionaryEntries({"./Maildir/", "./Mailbox", "|forward x", "&a@b", "#", "+list", "!lmtp x"})
  @FuzzTest
  void file(byte[] input) {
    String text = new String(input, ISO_8859_1);
    for (boolean executable : new boolean[] {false, true}) {
      List<Instruction> expected = new ArrayList<>();
      boolean forwardOnly = executable;
      boolean first = true;
      for (String whole : text.split("\n", -1)) {
        String line = whole.replaceFirst("[ \t]+$", "");
        String string = line.split("\0", 2)[0];
        forwardOnly |= string.equals("+list");
        if (first && string.isEmpty()) {
          expected.add(new Instruction(Kind.ERROR, "", "blank", ""));
          break;
        }
        first = false;
        if (!string.matches("(?s)|[#+].*")) {
          expected.add(one(line, string, forwardOnly));
          if (forwardOnly && expected.get(expected.size() - 1).kind() == Kind.ERROR) {
            break;
          }
        }
      }
      compare(expected, Instruction.parse(text, executable));
    }
  }

  /** Alike but for the words of an error. */
  private static void compare(List<Instruction> expected, List<Instruction> parsed) {
    assertEquals(expected.size(), parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      if (expected.get(i).kind() == Kind.ERROR) {
        assertEquals(Kind.ERROR, parsed.get(i).kind());
        assertTrue(parsed.get(i).text().startsWith("Uh-oh: "));
      } else {
        assertEquals(expected.get(i), parsed.get(i));
      }
    }
  }

  private static Instruction one(String line, String string, boolean forwardOnly) {
    char first = string.charAt(0);
    var own = AGENT.matcher(string);
    boolean agent = own.matches();
    if (forwardOnly && ("./|".indexOf(first) >= 0 || agent)) {
      return new Instruction(Kind.ERROR, "", "x bit", "");
    }
    if (first == '.' || first == '/') {
      String name = line.endsWith("/") ? "maildir" : "mbox";
      return new Instruction(Kind.FILE, name, string, name + " " + line);
    }
    if (first == '|') {
      String command = "program " + line.substring(1);
      return new Instruction(Kind.PROGRAM, "command", string.substring(1), command);
    }
    if (agent) {
      String argument = own.group(2) == null ? "" : own.group(2).replaceFirst("^[ \t]+", "");
      return new Instruction(Kind.PROGRAM, own.group(1), argument, "program " + line);
    }
    int from = first == '&' ? 1 : 0;
    return new Instruction(
        Kind.FORWARD, "forward", string.substring(from), "forward " + line.substring(from));
  }
}
