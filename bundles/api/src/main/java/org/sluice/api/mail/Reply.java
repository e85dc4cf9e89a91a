package org.sluice.api.mail;

import java.util.List;
import java.util.Optional;

/**
 * An SMTP reply (RFC 5321 section 4.2).
 *
 * @param code 200 to 599
 * @param status the enhanced status code, if any (RFC 2034)
 * @param lines the text, one entry a line, without CR and LF; at least one
 */
public record Reply(int code, Optional<EnhancedStatus> status, List<String> lines) {
  /** Checks the code and that no line breaks the dialogue. */
  public Reply {
    lines = List.copyOf(lines);
    if (code < 200 || code > 599) {
      throw new IllegalArgumentException("reply code out of range: " + code);
    }
    if (lines.isEmpty()
        || lines.stream().anyMatch(l -> l.indexOf('\r') >= 0 || l.indexOf('\n') >= 0)) {
      throw new IllegalArgumentException("a reply needs at least one line, without CR and LF");
    }
  }

  /** A reply of one line without an enhanced status code. */
  public static Reply of(int code, String text) {
    return new Reply(code, Optional.empty(), List.of(text));
  }

  /** A reply of one line with an enhanced status code such as {@code 4.3.2}. */
  public static Reply of(int code, String status, String text) {
    String[] part = status.split("\\.", 3);
    var enhanced =
        new EnhancedStatus(
            Integer.parseInt(part[0]), Integer.parseInt(part[1]), Integer.parseInt(part[2]));
    return new Reply(code, Optional.of(enhanced), List.of(text));
  }

  /** Whether the code is 5xx. */
  public boolean permanent() {
    return code >= 500;
  }

  /** For logs: {@code 550 5.7.1 no}, all lines in one. */
  @Override
  public String toString() {
    return code + " " + status.map(s -> s + " ").orElse("") + String.join(" ", lines);
  }
}
