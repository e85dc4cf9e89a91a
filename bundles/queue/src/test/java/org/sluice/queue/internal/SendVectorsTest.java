package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.Channel;
import org.sluice.testkit.Vectors;

/**
 * The recorded runs of qmail-send. The log is compared message by message, each line in order, as
 * spec 10 section 23 allows: local and remote deliveries start on threads of their own.
 */
class SendVectorsTest {
  /**
   * With these qmail-send does not start, nor does bin/qmail-start, which is what is tested with
   * them (QmailStartIT). A server that runs lets mail wait until the control file can be read.
   */
  private static final List<String> ENDS = List.of("start:no-controls", "start:me-is-directory");

  private static final Pattern STARTING =
      Pattern.compile(
          "starting delivery (\\S+): msg (\\S+) to (local|remote) (.*)", Pattern.DOTALL);
  @TempDir Path home;

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.of("send").stream()
        .filter(v -> !ENDS.contains(v.get("name")))
        .map(v -> Named.of(v.get("name").toString(), v))
        .toList();
  }

  @Test
  void allButTheTwoThatEndTheProgramAreRun() {
    assertEquals(61 - ENDS.size(), vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Files.createDirectories(home.resolve("control"));
    Vectors.files(Vectors.object(vector, "control"), home.resolve("control"));
    try (var bench = new Bench(home)) {
      bench.connect();
      bench.settle();
      List<String> bounces = new ArrayList<>();
      boolean together = Boolean.TRUE.equals(vector.get("together"));
      for (Map<String, Object> submission : list(vector, "submissions")) {
        bench.submit(
            Vectors.text(submission, "sender"),
            strings(submission.get("recipients")),
            Vectors.text(submission, "message"));
        bench.settle();
        if (!together) {
          answerAll(bench, vector, bounces);
        }
      }
      answerAll(bench, vector, bounces);
      assertEquals(byMessage(strings(vector.get("log"))), byMessage(bench.log()));
      List<String> expected = new ArrayList<>();
      for (Map<String, Object> bounce : list(vector, "bounces")) {
        expected.add(normal(Vectors.text(bounce, "message")));
      }
      assertEquals(expected.stream().sorted().toList(), bounces.stream().sorted().toList());
      left(bench, vector);
    }
  }

  private static void answerAll(Bench bench, Map<String, Object> vector, List<String> bounces)
      throws Exception {
    Map<String, Integer> asked = new HashMap<>();
    while (!bench.open().isEmpty()) {
      var order = Comparator.comparingLong((Bench.Open o) -> number(bench, o));
      if ("last".equals(vector.get("answer"))) {
        order = order.reversed();
      }
      Bench.Open next = bench.open().stream().min(order).orElseThrow();
      String channel = next.channel.name().toLowerCase(Locale.ROOT);
      String to = next.attempt.recipient();
      Object hold = member(vector, "hold", channel).get(to);
      if (hold instanceof Number seconds) {
        bench.advance(Duration.ofMillis((long) (seconds.doubleValue() * 1000)));
      }
      Object report = member(vector, "outcomes", channel).getOrDefault(to, "Kok");
      if (report instanceof List<?> several) {
        int turn = asked.merge(channel + to, 1, Integer::sum) - 1;
        report = several.get(Math.min(turn, several.size() - 1));
      }
      collect(next, bounces);
      next.answer(result(report.toString()));
      bench.settle();
    }
  }

  private static Map<String, Object> member(Map<String, Object> vector, String key, String name) {
    return Vectors.object(Vectors.object(vector, key), name);
  }

  /** An empty or odd report cannot come from a transport here: no result is what comes nearest. */
  private static DeliveryResult result(String report) {
    String text = report.isEmpty() ? "" : report.substring(1);
    return switch (report.isEmpty() ? ' ' : report.charAt(0)) {
      case 'K' -> new DeliveryResult.Delivered(text);
      case 'D' -> new DeliveryResult.PermFail(text);
      case 'Z' -> new DeliveryResult.TempFail(text);
      default -> null;
    };
  }

  /** The delivery number of an attempt, from the log. */
  private static long number(Bench bench, Bench.Open wanted) {
    String channel = wanted.channel == Channel.LOCAL ? "local" : "remote";
    List<Long> numbers = new ArrayList<>();
    List<String> log = bench.log();
    for (String line : log) {
      var matcher = STARTING.matcher(line);
      if (matcher.matches()
          && matcher.group(2).equals(wanted.attempt.id().toString())
          && matcher.group(3).equals(channel)
          && matcher.group(4).equals(shown(wanted.attempt.recipient()))) {
        numbers.add(Long.parseLong(matcher.group(1)));
      }
    }
    // Of equal recipients any delivery may be meant: the first that has no report yet.
    return numbers.stream()
        .filter(n -> log.stream().noneMatch(l -> l.startsWith("delivery " + n + ":")))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private static String shown(String text) {
    return text.replace('\n', '/').replaceAll("[^!-~]|%", "_");
  }

  /** The lines of each message in order of "new msg", numbers made relative. */
  private static List<List<String>> byMessage(List<String> log) {
    Map<String, List<String>> messages = new LinkedHashMap<>();
    Map<String, String> deliveries = new HashMap<>();
    for (String line : log) {
      String[] words = line.split(" ");
      if (line.startsWith("new msg ")) {
        messages.putIfAbsent(words[2], new ArrayList<>());
      } else if (line.startsWith("starting delivery ")) {
        deliveries.put(words[2], words[4]);
        messages
            .computeIfAbsent(words[4], i -> new ArrayList<>())
            .add(line.substring(line.indexOf(" to ")));
      } else if (line.startsWith("delivery ")) {
        messages.get(deliveries.get(words[1])).add(line.substring(line.indexOf(": ")));
      } else if (!line.startsWith("status: ")) {
        String id = words[line.startsWith("triple") ? 3 : 2].replaceAll("^bounce/|:$", "");
        messages
            .computeIfAbsent(id, i -> new ArrayList<>())
            .add(
                line.replace(id, "N")
                    .replaceAll("qp \\S+", "qp P")
                    .replaceAll("uid \\S+", "uid U")
                    .replaceAll("bytes \\S+", "bytes B"));
      }
    }
    // Starts on both channels go on side by side: within a message they are compared as a set.
    messages
        .values()
        .forEach(
            lines ->
                lines.sort(
                    Comparator.comparing((String l) -> l.startsWith(" to ") || l.startsWith(": "))
                        .thenComparing(l -> l.startsWith(" to ") || l.startsWith(": ") ? l : "")));
    return new ArrayList<>(messages.values());
  }

  /** What is still queued: who, and which recipients are finished. */
  private static void left(Bench bench, Map<String, Object> vector) {
    List<String> expected = new ArrayList<>();
    for (Map<String, Object> entry : list(vector, "left")) {
      for (String channel : List.of("local", "remote")) {
        for (Object pair : (List<?>) entry.getOrDefault(channel, List.of())) {
          expected.add(entry.get("sender") + " " + channel + " " + pair);
        }
      }
    }
    List<String> actual = new ArrayList<>();
    try (var entries = bench.store.browse()) {
      entries.forEach(
          entry -> {
            var recipients = entry.record().recipients();
            for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
              List<String> lines = new ArrayList<>();
              boolean all = true;
              for (int i = 0; i < recipients.size(); i++) {
                if (recipients.get(i).channel() == channel) {
                  all &= entry.finished().get(i);
                  lines.add(
                      entry.record().sender().address()
                          + " "
                          + channel.name().toLowerCase(Locale.ROOT)
                          + " ["
                          + (entry.finished().get(i) ? "D" : "T")
                          + ", "
                          + recipients.get(i).address()
                          + "]");
                }
              }
              if (!all) {
                actual.addAll(lines); // qmail removes a channel's file when all in it are done
              }
            }
          });
    }
    // Of equal recipients it is open which one was answered first.
    assertEquals(expected.stream().sorted().toList(), actual.stream().sorted().toList());
  }

  private static void collect(Bench.Open delivery, List<String> bounces) throws IOException {
    String text;
    try (var in = delivery.attempt.message().open()) {
      text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    int end = text.indexOf('\n');
    if (text.startsWith("Received: (qmail ") && text.substring(0, end).contains("for bounce);")) {
      bounces.add(normal(text.substring(end + 1)));
    }
  }

  /** Failures of several channels are written down pass by pass, so their order is not compared. */
  private static String normal(String bounce) {
    String text = undated(bounce);
    int end = text.indexOf("--- Below this line");
    String head = text.substring(0, end);
    var paragraphs = Arrays.asList(head.split("\n\n"));
    return paragraphs.stream().sorted().collect(Collectors.joining("\n\n")) + text.substring(end);
  }

  private static String undated(String bounce) {
    return bounce
        .replaceAll("Date: .*", "Date: D")
        .replaceAll("qmail \\S+ invoked by uid [^)]*\\); .*", "qmail P invoked by uid U); D")
        .replaceAll("qmail \\S+ invoked for bounce\\); .*", "qmail P invoked for bounce); D");
  }

  @SuppressWarnings("unchecked") // the shape that the format prescribes
  private static List<Map<String, Object>> list(Map<String, Object> vector, String key) {
    return (List<Map<String, Object>>) vector.getOrDefault(key, List.of());
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(Object::toString).toList();
  }
}
