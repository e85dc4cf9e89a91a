package org.sluice.tools.clean.internal;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Decimal;

/**
 * One command (spec 10 section 11.2).
 *
 * @param text without its NUL
 */
record CleanCommand(String text) {
  /** Octets without the NUL; one more is too many. */
  static final int LONGEST = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CleanCommand.class);
  private static final int SHORTEST = 6;
  private static final int NUMBER = 5;
  private static final String BAD = "x";

  /** Carries it out; what is to be said, of one octet if the command is good. */
  String answer(QueueFiles files) {
    if (text.length() < SHORTEST || text.length() >= LONGEST) {
      return BAD;
    }
    String number = text.substring(NUMBER);
    // qmail says it for each of them, and goes on.
    String bad = BAD.repeat((int) number.chars().filter(c -> c < '0' || c > '9').count());
    if (Decimal.digits(number) == 0) {
      return bad + BAD;
    }
    return bad + clean(files, Decimal.leading(number));
  }

  private String clean(QueueFiles files, long id) {
    String mess = "mess/" + Long.remainderUnsigned(id, QueueFiles.SPLIT) + "/";
    try {
      if (text.startsWith("foop/")) {
        files.remove("intd/", id);
        files.remove(mess, id);
      } else if (text.startsWith("todo")) {
        files.remove("intd/", id);
        files.remove("todo/", id);
      } else {
        return BAD;
      }
      return "+";
    } catch (IOException e) {
      LOG.warn("cannot clean up {}", text, e);
      return "!";
    }
  }
}
