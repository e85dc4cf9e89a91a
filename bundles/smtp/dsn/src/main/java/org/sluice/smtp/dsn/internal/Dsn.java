package org.sluice.smtp.dsn.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;

/** Takes RET, ENVID, NOTIFY and ORCPT, which go into the queue with the message. */
@Component(property = SmtpExtension.NAME + "=dsn")
public final class Dsn implements SmtpExtension {
  /** Of a listener's or a rule's environment; {@code -} offers nothing. */
  private static final String VARIABLE = "SMTPDSN";

  private static final Set<String> OF_MAIL = Set.of("RET", "ENVID");
  private static final Set<String> OF_RCPT = Set.of("NOTIFY", "ORCPT");

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    if ("-".equals(dialogue.session().environment().get(VARIABLE))) {
      return Optional.empty();
    }
    return Optional.of(
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            return List.of("DSN");
          }

          @Override
          public Set<String> mailParameters() {
            return OF_MAIL;
          }

          @Override
          public Set<String> recipientParameters() {
            return OF_RCPT;
          }

          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            return read(parameters, OF_MAIL, OF_RCPT, values -> askForMessage(dialogue, values));
          }

          @Override
          public Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters) {
            return read(parameters, OF_RCPT, OF_MAIL, values -> askForRecipient(dialogue, values));
          }
        });
  }

  /** Uses the values by keyword; gives the keyword whose value is wrong. */
  private interface Use {
    Optional<String> with(Map<String, String> values);
  }

  private static Optional<Reply> read(
      List<SmtpParameter> parameters, Set<String> own, Set<String> foreign, Use use) {
    var values = new HashMap<String, String>();
    for (SmtpParameter parameter : parameters) {
      String keyword = parameter.keyword();
      boolean ours = own.contains(keyword);
      boolean wrong =
          ours
              ? parameter.value().isEmpty() || values.put(keyword, parameter.value().get()) != null
              : foreign.contains(keyword);
      if (wrong) {
        return Optional.of(refusal(keyword));
      }
    }
    return use.with(values).map(Dsn::refusal);
  }

  private static Reply refusal(String keyword) {
    return Reply.of(501, "5.5.4", "syntax error in parameter " + keyword);
  }

  private static Optional<String> askForMessage(SmtpDialogue dialogue, Map<String, String> values) {
    Optional<ReturnContent> content = Optional.ofNullable(values.get("RET")).flatMap(Values::ret);
    Optional<String> id = Optional.ofNullable(values.get("ENVID")).filter(Values::envelopeId);
    if (values.containsKey("RET") && content.isEmpty()) {
      return Optional.of("RET");
    }
    if (values.containsKey("ENVID") && id.isEmpty()) {
      return Optional.of("ENVID");
    }
    dialogue.options(dialogue.options().withDsn(content, id));
    return Optional.empty();
  }

  private static Optional<String> askForRecipient(
      SmtpDialogue dialogue, Map<String, String> values) {
    Optional<Set<Notify>> notify =
        Optional.ofNullable(values.get("NOTIFY")).flatMap(Values::notifyOn);
    Optional<String> original =
        Optional.ofNullable(values.get("ORCPT")).flatMap(Values::originalRecipient);
    if (values.containsKey("NOTIFY") && notify.isEmpty()) {
      return Optional.of("NOTIFY");
    }
    if (values.containsKey("ORCPT") && original.isEmpty()) {
      return Optional.of("ORCPT");
    }
    dialogue.recipientOptions(new RecipientOptions(notify.orElse(Set.of()), original));
    return Optional.empty();
  }
}
