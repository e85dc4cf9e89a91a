package org.sluice.smtp.dsn.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.Ascii;
import org.sluice.base.Xtext;

/**
 * Checks RET, ENVID, NOTIFY and ORCPT and keeps them as attributes of the transaction. The keyword
 * is not announced: the queue cannot honour what NOTIFY asks for, and a server must not promise it.
 */
@Component(property = SmtpExtension.NAME + "=dsn")
public final class DsnParameters implements SmtpExtension {
  private static final int ENVID_LIMIT = 100;
  private static final int ORCPT_LIMIT = 500;

  private static final Map<String, Predicate<String>> OF_MAIL =
      Map.of("RET", DsnParameters::ret, "ENVID", DsnParameters::envid);
  private static final Map<String, Predicate<String>> OF_RCPT =
      Map.of("NOTIFY", DsnParameters::notify, "ORCPT", DsnParameters::orcpt);

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return Optional.of(
        new SmtpHooks() {
          @Override
          public Set<String> mailParameters() {
            return OF_MAIL.keySet();
          }

          @Override
          public Set<String> recipientParameters() {
            return OF_RCPT.keySet();
          }

          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            return keep(parameters, OF_MAIL, OF_RCPT.keySet(), "", dialogue);
          }

          @Override
          public Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters) {
            String key = " " + recipient.address();
            return keep(parameters, OF_RCPT, OF_MAIL.keySet(), key, dialogue);
          }
        });
  }

  /** Puts the values under {@code DSN.KEYWORD} and the key, unless one is wrong. */
  private static Optional<Reply> keep(
      List<SmtpParameter> parameters,
      Map<String, Predicate<String>> own,
      Set<String> foreign,
      String key,
      SmtpDialogue dialogue) {
    Set<String> seen = new HashSet<>();
    for (SmtpParameter parameter : parameters) {
      String keyword = parameter.keyword();
      if (foreign.contains(keyword)) {
        return refusal(keyword);
      }
      if (own.containsKey(keyword)) {
        Optional<String> value = parameter.value().filter(own.get(keyword));
        if (value.isEmpty() || !seen.add(keyword)) {
          return refusal(keyword);
        }
        var attributes = dialogue.transaction().orElseThrow().attributes();
        attributes.put("DSN." + keyword + key, value.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<Reply> refusal(String keyword) {
    return Optional.of(Reply.of(501, "5.5.4", "syntax error in parameter " + keyword));
  }

  private static boolean ret(String value) {
    return value.equalsIgnoreCase("FULL") || value.equalsIgnoreCase("HDRS");
  }

  private static boolean envid(String value) {
    return value.length() <= ENVID_LIMIT && printable(value);
  }

  private static boolean printable(String xtext) {
    Optional<String> text = Xtext.decode(xtext);
    return text.isPresent() && text.get().chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static boolean notify(String value) {
    if (value.equalsIgnoreCase("NEVER")) {
      return true;
    }
    Set<String> left = new HashSet<>(Set.of("SUCCESS", "FAILURE", "DELAY"));
    for (String word : Ascii.upper(value).split(",", -1)) {
      if (!left.remove(word)) {
        return false;
      }
    }
    return true;
  }

  private static boolean orcpt(String value) {
    int semicolon = value.indexOf(';');
    return value.length() <= ORCPT_LIMIT
        && semicolon > 0
        && value.substring(0, semicolon).matches("[A-Za-z0-9-]+")
        && semicolon < value.length() - 1
        && printable(value.substring(semicolon + 1));
  }
}
