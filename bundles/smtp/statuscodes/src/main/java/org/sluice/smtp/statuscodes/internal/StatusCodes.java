package org.sluice.smtp.statuscodes.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.mail.EnhancedStatus;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;

/** Gives every reply its code in front; qmail's texts have it at the end. Sees replies last. */
@Component(
    property = {Constants.SERVICE_RANKING + ":Integer=-1000", SmtpExtension.NAME + "=statuscodes"})
public final class StatusCodes implements SmtpExtension {
  /** How qmail ends its texts. */
  private static final Pattern QMAIL =
      Pattern.compile(" \\(#([245])\\.([0-9]{1,3})\\.([0-9]{1,3})\\)$");

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return Optional.of(
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            return List.of("ENHANCEDSTATUSCODES");
          }

          @Override
          public Reply edit(String verb, Reply reply) {
            return coded(verb, reply);
          }
        });
  }

  static Reply coded(String verb, Reply reply) {
    int type = reply.code() / 100;
    if (type == 3 || reply.status().isPresent()) {
      return reply;
    }
    Matcher found = QMAIL.matcher(reply.lines().get(reply.lines().size() - 1));
    boolean has = found.find() && Integer.parseInt(found.group(1)) == type;
    EnhancedStatus status =
        has
            ? new EnhancedStatus(
                type, Integer.parseInt(found.group(2)), Integer.parseInt(found.group(3)))
            : usual(verb, type);
    List<String> lines =
        has
            ? reply.lines().stream().map(line -> QMAIL.matcher(line).replaceFirst("")).toList()
            : reply.lines();
    return new Reply(reply.code(), Optional.of(status), lines);
  }

  /** For a reply that says nothing itself (RFC 3463 section 3). */
  private static EnhancedStatus usual(String verb, int type) {
    if (type != 2) {
      return new EnhancedStatus(type, 3, 0); // mail system status, other or undefined
    }
    return switch (verb) {
      case "mail" -> new EnhancedStatus(2, 1, 0);
      case "rcpt" -> new EnhancedStatus(2, 1, 5);
      default -> new EnhancedStatus(2, 0, 0);
    };
  }
}
