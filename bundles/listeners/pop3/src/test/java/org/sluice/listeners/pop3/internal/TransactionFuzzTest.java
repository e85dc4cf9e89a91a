package org.sluice.listeners.pop3.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.testkit.InMemory;
import org.sluice.testkit.TestConnection;

/** Sessions after the login, with a mailbox whose second message is what the client says. */
class TransactionFuzzTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final List<String> NAMES = List.of("1.a", "2.b", "3.c");

  /** With which CAPA is no unknown command. */
  private final Extensions extensions =
      new Extensions(() -> Duration.ZERO, Duration.ZERO, Duration.ZERO);

  @TempDir(factory = InMemory.class)
  static Path home;

  TransactionFuzzTest() throws IOException {
    extensions.bind(Fake.verb("capa", new Pop3Answer.Lines(List.of("TOP"))), Map.of());
    for (String directory : List.of("tmp", "new", "cur")) {
      Files.createDirectories(home.resolve("Maildir").resolve(directory));
    }
  }

  @DictionaryEntries({
    "RETR 2",
    "TOP 2 1",
    "DELE 1",
    "LIST",
    "UIDL 3",
    "LAST",
    "RSET",
    "STAT",
    "QUIT",
    "CAPA",
    "18446744073709551617"
  })
  @FuzzTest
  void session(byte[] input) throws IOException, InterruptedException {
    String text = new String(input, ISO_8859_1);
    List<String> messages = List.of("Subject: x\n\n.\n..\nend", text, "");
    var plain = new Plain(text, messages);
    for (int piece : new int[] {1, 1 << 20}) {
      fill(messages);
      plain.run();
      var connection = new TestConnection(text, Map.of(), piece);
      var client = new Client(connection);
      try (var dialogue = new Dialogue(client, Accounts.POLICY, "", () -> true)) {
        dialogue.join(extensions);
        new Mailbox(home, Optional.of("Maildir"), Optional.empty()).serve(client, dialogue, NOW);
      }
      assertEquals(plain.said.toString(), connection.heard());
      assertEquals(plain.files, files());
    }
  }

  private void fill(List<String> messages) throws IOException {
    for (int i = 0; i < NAMES.size(); i++) {
      Path file = home.resolve("Maildir/new").resolve(NAMES.get(i));
      Files.deleteIfExists(home.resolve("Maildir/cur").resolve(NAMES.get(i) + ":2,"));
      Files.write(file, messages.get(i).getBytes(ISO_8859_1));
      Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(10 - i)));
    }
  }

  private Set<String> files() throws IOException {
    try (var files = Files.walk(home.resolve("Maildir"))) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getParent().getFileName() + "/" + f.getFileName())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** What spec 20 section 12.3 says of the whole input. */
  private static final class Plain {
    private static final Pattern NUMBER = Pattern.compile("(?s)([0-9]+) *(?:([0-9]+).*|.*)");

    private final String text;
    private final List<String> messages;
    final StringBuilder said = new StringBuilder();
    final Set<String> files = new TreeSet<>();
    private final Set<Integer> deleted = new TreeSet<>();
    private int last;

    Plain(String text, List<String> messages) {
      this.text = text;
      this.messages = messages;
    }

    void run() {
      said.setLength(0);
      files.clear();
      rset();
      NAMES.forEach(n -> files.add("new/" + n));
      for (String line : text.split("(?<=\n)")) {
        if (!line.endsWith("\n")) {
          return;
        }
        line = line.replaceFirst("(?s)\r?\n$", "");
        line = line.split("\0", 2)[0];
        String verb = line.split(" ", 2)[0];
        if (command(verb, line.substring(verb.length()).replaceFirst("^ +", ""))) {
          return;
        }
      }
    }

    private boolean command(String verb, String argument) {
      switch (verb.toUpperCase(java.util.Locale.ROOT)) {
        case "NOOP" -> say("+OK ");
        case "STAT" -> say("+OK " + messages.size() + " " + total());
        case "LAST" -> say("+OK " + last);
        case "RSET" -> rset();
        case "CAPA" -> said.append("+OK \r\nTOP\r\n.\r\n");
        case "LIST" -> list(argument, messages.stream().map(m -> "" + m.length()).toList());
        case "UIDL" -> list(argument, NAMES);
        case "DELE" -> {
          if (exists(argument)) {
            deleted.add(number(argument));
            last = Math.max(last, number(argument));
            say("+OK ");
          }
        }
        case "RETR", "TOP" -> {
          if (exists(argument)) {
            say("+OK ");
            send(messages.get(number(argument) - 1), argument);
          }
        }
        case "QUIT" -> {
          quit();
          return true;
        }
        default -> say("-ERR unimplemented");
      }
      return false;
    }

    /** Of those that are not deleted; all are counted, as qmail counts them. */
    private int total() {
      return IntStream.rangeClosed(1, messages.size())
          .filter(n -> !deleted.contains(n))
          .map(n -> messages.get(n - 1).length())
          .sum();
    }

    private void say(String line) {
      said.append(line).append("\r\n");
    }

    private void rset() {
      deleted.clear();
      last = 0;
      say("+OK ");
    }

    /** A number is taken modulo 2^64, as qmail takes it. */
    private static BigInteger modulo(String digits) {
      return new BigInteger(digits).mod(BigInteger.ONE.shiftLeft(64));
    }

    private static int number(String argument) {
      var matcher = NUMBER.matcher(argument);
      return matcher.matches() ? modulo(matcher.group(1)).min(BigInteger.TEN).intValue() : -1;
    }

    private boolean exists(String argument) {
      int number = number(argument);
      if (number < 0) {
        say("-ERR syntax error");
      } else if (number == 0) {
        say("-ERR messages are counted from 1");
      } else if (number > messages.size()) {
        say("-ERR not that many messages");
      } else if (deleted.contains(number)) {
        say("-ERR already deleted");
      } else {
        return true;
      }
      return false;
    }

    private void list(String argument, List<String> texts) {
      if (!argument.isEmpty()) {
        if (exists(argument)) {
          say("+OK " + number(argument) + " " + texts.get(number(argument) - 1));
        }
        return;
      }
      say("+OK ");
      IntStream.rangeClosed(1, texts.size())
          .filter(n -> !deleted.contains(n))
          .forEach(n -> say(n + " " + texts.get(n - 1)));
      say(".");
    }

    private void send(String message, String argument) {
      var matcher = NUMBER.matcher(argument);
      assertEquals(true, matcher.matches());
      // 2^64 - 1 lines and one more are none: then all are sent.
      BigInteger most =
          matcher.group(2) == null
              ? BigInteger.ZERO
              : modulo(modulo(matcher.group(2)).add(BigInteger.ONE).toString());
      List<String> lines = new ArrayList<>(List.of(message.split("\n", -1)));
      if (lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
      int header = lines.indexOf("") < 0 ? lines.size() : lines.indexOf("") + 1;
      BigInteger left = most.subtract(BigInteger.ONE);
      for (int i = 0; i < lines.size(); i++) {
        boolean body = i >= header && most.signum() > 0;
        if (body && left.signum() == 0) {
          break;
        }
        left = body ? left.subtract(BigInteger.ONE) : left;
        say((lines.get(i).startsWith(".") ? "." : "") + lines.get(i));
      }
      say("");
      say(".");
    }

    private void quit() {
      for (int n = 1; n <= NAMES.size(); n++) {
        String name = NAMES.get(n - 1);
        files.remove("new/" + name);
        if (!deleted.contains(n)) {
          files.add("cur/" + name + ":2,");
        }
      }
      say("+OK ");
      assertFalse(files.stream().anyMatch(f -> f.startsWith("new/")));
    }
  }
}
