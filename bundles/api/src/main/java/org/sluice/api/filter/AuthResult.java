package org.sluice.api.filter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What one method of authentication has found out about a message (RFC 8601 section 2.2). Filters
 * leave theirs in the attributes of the transaction; the filter {@code authres}, where it is in
 * use, makes one field {@code Authentication-Results} of all that are there. Immutable.
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

  /** Of a comment or a value: characters that are shown. */
  private static final int LONGEST = 300;

  private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9-]+");
  private static final Pattern PROPERTY = Pattern.compile("[A-Za-z0-9-]+\\.[A-Za-z0-9_-]+");
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+";

  /** What needs no quotes: a token, or an address whose local part is atoms and dots. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9!#$%&'*+^_`{|}~.-]+|(" + ATOM + ")?@[A-Za-z0-9._-]+");

  /**
   * Keeps the order of the properties.
   *
   * @throws IllegalArgumentException if method, result or the name of a property is no such word
   */
  public AuthResult {
    if (!KEYWORD.matcher(method).matches()
        || !KEYWORD.matcher(result).matches()
        || !properties.keySet().stream().allMatch(PROPERTY.asMatchPredicate())) {
      throw new IllegalArgumentException(
          "no words of RFC 8601: " + method + "=" + result + " " + properties.keySet());
    }
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
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
      String clean = printable(comment).replaceAll("[()\\\\]", "?");
      text.append(" (").append(clean).append(')');
    }
    properties.forEach(
        (key, value) -> text.append(' ').append(key).append('=').append(safe(value)));
    return text.toString();
  }

  /** A value that cannot end its place, whoever made it up (RFC 8601 section 2.2, pvalue). */
  public static String safe(String value) {
    String text = printable(value);
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(LONGEST, text.length())).replaceAll("[^ -~]", "?");
  }
}
