package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the header is, it is queued or refused with the documented words. */
class FuzzTest {
  private static final String[] PARTS = {
    "To",
    "Cc",
    "Bcc",
    "From",
    "Reply-To",
    "Return-Path",
    "Resent-To",
    "Subject",
    "X-y",
    "Date",
    ":",
    ":",
    ":",
    " ",
    "\t",
    "\n",
    "\n",
    "\n ",
    "\r",
    "\r\n",
    "\0",
    "\u00ff",
    "\\",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "@",
    ",",
    ";",
    ".",
    "+",
    "a",
    "joe@x",
    "<a@b>",
    "g: a;",
    "From ",
    "--",
    "\n\n"
  };
  private static final String UNPARSABLE =
      "qmail-inject: fatal: unable to parse this line:\n(Sender|From|Reply-To|Return-Path)[ \t]*:";

  @TempDir Path home;

  @Test
  void anyHeader() throws Exception {
    var random = new Random(1);
    int queued = 0;
    for (int i = 0; i < 6_000; i++) {
      String message = text(random);
      var run = new InjectRun(home);
      int status = run.run(message);
      if (status == 0) {
        queued++;
        assertEquals("", run.context.stderr());
        assertEquals(1, run.context.queue.queued.size());
      } else {
        assertEquals(100, status, message);
        assertTrue(
            run.context.stderr().matches("(?s)" + UNPARSABLE + ".*\n"), run.context.stderr());
        assertEquals(0, run.context.queue.queued.size());
      }
    }
    assertTrue(queued > 1_000 && queued < 6_000, "both happen: " + queued);
  }

  /** What was completed once is complete: injected again, the fields of addresses stay. */
  @Test
  void completedAddressesStay() throws Exception {
    var random = new Random(2);
    int compared = 0;
    for (int i = 0; i < 5_000; i++) {
      String list = "To: a" + i % 10 + "@b, Joe <c+@d+>, \"" + random.nextInt(99) + " x\"@y (z)\n";
      var first = new InjectRun(home);
      var again = new InjectRun(home);
      if (first.run(InjectRun.COMPLETE + list + "X: y\n" + text(random)) == 0
          && again.run(to(first) + "\n") == 0) {
        assertEquals(to(first), to(again));
        compared++;
      }
    }
    assertTrue(compared > 2_000, "enough of them: " + compared);
  }

  private static String to(InjectRun run) {
    String message = "\n" + run.context.queue.queued.get(0).message();
    int at = message.indexOf("\nTo: a") + 1;
    return message.substring(at, message.indexOf('\n', at));
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int n = random.nextInt(40); n > 0; n--) {
      text.append(
          random.nextInt(10) == 0
              ? Character.toString((char) random.nextInt(256))
              : PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }
}
