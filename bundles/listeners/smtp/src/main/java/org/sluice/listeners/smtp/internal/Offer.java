package org.sluice.listeners.smtp.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpParameter;

/**
 * What the last answer to EHLO has promised. A client that said HELO, or neither, has been promised
 * nothing: its parameters are ignored, as qmail-smtpd ignores them.
 *
 * @param extended whether the client has said EHLO
 * @param lines what extensions have added to the answer
 * @param mail the parameters of MAIL that they take, in upper case
 * @param recipient those of RCPT
 */
record Offer(boolean extended, List<String> lines, Set<String> mail, Set<String> recipient) {
  /** What everybody has. */
  static final Offer NONE = new Offer(false, List.of(), Set.of(), Set.of());

  private static final Reply UNKNOWN = Reply.of(555, "5.5.4", "that parameter is not offered");
  private static final Reply MALFORMED = Reply.of(501, "5.5.4", "syntax error in a parameter");
  private static final Reply BODY = Reply.of(501, "5.5.4", "no such BODY here");

  private static final String EIGHT_BIT = "8BITMIME";

  /** RFC 5321 section 4.1.2. */
  private static final Pattern KEYWORD = Pattern.compile("[A-Z0-9][A-Z0-9-]*");

  /**
   * No blanks, controls or equals signs; UTF-8 (RFC 6531 section 3.3) is for extensions to check.
   */
  private static final Pattern VALUE = Pattern.compile("[!-<>-~\\x80-\\xff]+");

  /** What there is against the parameters of MAIL. */
  Optional<Reply> mail(List<SmtpParameter> given) {
    Set<String> taken = new HashSet<>(mail);
    taken.add("BODY"); // 8BITMIME is the listener's own
    return objection(given, taken)
        .or(() -> given.stream().allMatch(this::body) ? Optional.empty() : Optional.of(BODY));
  }

  /** What there is against the parameters of RCPT. */
  Optional<Reply> recipient(List<SmtpParameter> given) {
    return objection(given, recipient);
  }

  /** Whether MAIL with these parameters, to which there is no objection, says BODY=8BITMIME. */
  boolean eightBit(List<SmtpParameter> given) {
    return parameters()
        && given.stream()
            .filter(p -> p.keyword().equals("BODY"))
            .anyMatch(p -> p.value().filter(EIGHT_BIT::equalsIgnoreCase).isPresent());
  }

  private Optional<Reply> objection(List<SmtpParameter> given, Set<String> taken) {
    if (!parameters()) {
      return Optional.empty();
    }
    Set<String> seen = new HashSet<>();
    for (SmtpParameter parameter : given) {
      String keyword = parameter.keyword();
      if (!KEYWORD.matcher(keyword).matches()
          || !parameter.value().map(Offer::fits).orElse(true)
          || !seen.add(keyword)) {
        return Optional.of(MALFORMED);
      }
      if (!taken.contains(keyword)) {
        return Optional.of(UNKNOWN);
      }
    }
    return Optional.empty();
  }

  /** Whether any parameter is anybody's; else they are ignored, whatever they are. */
  private boolean parameters() {
    return !mail.isEmpty() || !recipient.isEmpty();
  }

  private static boolean fits(String value) {
    return VALUE.matcher(value).matches();
  }

  /** Whether this is not BODY, or says what can be had (RFC 6152, RFC 3030). */
  private boolean body(SmtpParameter parameter) {
    if (!parameters() || !parameter.keyword().equals("BODY")) {
      return true;
    }
    String value = parameter.value().orElse("");
    return value.equalsIgnoreCase("7BIT")
        || value.equalsIgnoreCase(EIGHT_BIT)
        || value.equalsIgnoreCase("BINARYMIME") && lines.contains("BINARYMIME");
  }
}
