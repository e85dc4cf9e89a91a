package org.sluice.base;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.smtp.SmtpDialogue;

/**
 * What one method of authentication has found out about a message (RFC 8601 section 2.2). Filters
 * leave theirs in the attributes of the transaction; the filter {@code authres} makes one field
 * {@code Authentication-Results} of all that are there.
 *
 * @param method its registered name, for example {@code spf}
 * @param result its registered word, for example {@code pass}
 * @param comment for people; may be empty. What is not printable ASCII is shown as a question mark
 * @param properties values by {@code ptype.property}, for example {@code smtp.mailfrom}, in order
 */
public record AuthResult(
    String method, String result, String comment, Map<String, String> properties) {
  /** In front of the method's name: the key of its results in a transaction's attributes. */
  private static final String ATTRIBUTE = "authentication-results.";

  private static final int LONGEST = 300;
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+";

  /** What needs no quotes: a token, or an address whose local part is atoms and dots. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9!#$%&'*+^_`{|}~.-]+|(" + ATOM + ")?@[A-Za-z0-9._-]+");

  /** Keeps the order of the properties. */
  public AuthResult {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /**
   * Whether the mail of this client is somebody's own: it may relay, which QMQP is for, or has
   * logged in. Then there is nothing to find out.
   */
  public static boolean exempt(Session session) {
    return session.environment().containsKey("RELAYCLIENT")
        || session.environment().containsKey(SmtpDialogue.LOGIN)
        || session.protocol().equals("qmqp");
  }

  /** Leaves all results of a method for later filters, in the place of what was there. */
  public static void put(MailTransaction transaction, String method, List<AuthResult> results) {
    transaction.attributes().put(ATTRIBUTE + method, List.copyOf(results));
  }

  /** The results that a method has left; empty if it was not asked. */
  public static Optional<List<AuthResult>> of(MailTransaction transaction, String method) {
    if (!(transaction.attributes().get(ATTRIBUTE + method) instanceof List<?> left)) {
      return Optional.empty();
    }
    List<AuthResult> results = new ArrayList<>();
    for (Object each : left) {
      if (each instanceof AuthResult result) {
        results.add(result);
      }
    }
    return Optional.of(results);
  }

  /** The methods that have left results, in the order of the alphabet. */
  public static List<String> methods(MailTransaction transaction) {
    return transaction.attributes().keySet().stream()
        .filter(key -> key.startsWith(ATTRIBUTE))
        .map(key -> key.substring(ATTRIBUTE.length()))
        .sorted()
        .toList();
  }

  /** As it stands in the field: {@code spf=pass (comment) smtp.mailfrom=a@example.org}. */
  public String text() {
    var text = new StringBuilder(method).append('=').append(result);
    if (!comment.isEmpty()) {
      String clean = PrintableText.of(cut(comment), '?').replaceAll("[()\\\\]", "?");
      text.append(" (").append(clean).append(')');
    }
    properties.forEach(
        (key, value) -> text.append(' ').append(key).append('=').append(safe(value)));
    return text.toString();
  }

  /** A value that cannot end its place, whoever made it up (RFC 8601 section 2.2, pvalue). */
  public static String safe(String value) {
    String text = PrintableText.of(cut(value), '?');
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
