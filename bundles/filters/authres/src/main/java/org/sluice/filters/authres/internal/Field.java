package org.sluice.filters.authres.internal;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sluice.api.filter.AuthResult;

/** The field itself (RFC 8601 section 2.2). */
final class Field {
  static final String NAME = "Authentication-Results";

  private Field() {}

  /** The value of ours, each result on a line of its own. */
  static String value(String id, List<AuthResult> results) {
    String shown = AuthResult.safe(id);
    return results.isEmpty()
        ? shown + "; none"
        : results.stream()
            .map(AuthResult::text)
            .collect(Collectors.joining(";\n\t", shown + ";\n\t", ""));
  }

  /**
   * Whether a field that came with the message may be read as one of ours: it names our identifier,
   * or nobody can be sure whom it names.
   */
  static boolean claims(String value, String id) {
    String text = withoutComments(value).strip();
    String named;
    if (text.startsWith("\"")) {
      int end = text.indexOf('"', 1);
      named = end < 0 ? "" : text.substring(1, end);
    } else {
      named = text.split("[;\\s]", 2)[0];
    }
    String plain = named.toLowerCase(Locale.ROOT);
    return plain.isEmpty() || dotless(plain).equals(dotless(id.toLowerCase(Locale.ROOT)));
  }

  private static String dotless(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** A comment that does not end takes all that follows. */
  private static String withoutComments(String value) {
    var out = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && (quoted || depth > 0)) {
        i++;
        out.append(quoted && i < value.length() ? value.substring(i, i + 1) : "");
      } else if (c == '"' && depth == 0) {
        quoted = !quoted;
        out.append(c);
      } else if (c == '(' && !quoted) {
        depth++;
      } else if (c == ')' && !quoted && depth > 0) {
        depth--;
        out.append(' ');
      } else if (depth == 0) {
        out.append(c);
      }
    }
    return out.toString();
  }
}
