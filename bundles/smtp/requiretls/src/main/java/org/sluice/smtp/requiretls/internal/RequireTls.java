package org.sluice.smtp.requiretls.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;

/** Takes the wish that a message be sent on over TLS or not at all; it goes into the queue. */
@Component(property = SmtpExtension.NAME + "=requiretls")
public final class RequireTls implements SmtpExtension {
  private static final String NAME = "REQUIRETLS";

  /** Of a listener's or a rule's environment; {@code -} offers nothing. */
  private static final String VARIABLE = "SMTPREQUIRETLS";

  /** A program in place of the queue is given no wishes, so none can be promised. */
  private static final String OTHER_QUEUE = "QMAILQUEUE";

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return "-".equals(dialogue.session().environment().get(VARIABLE))
        ? Optional.empty()
        : Optional.of(new Hooks(dialogue));
  }

  private record Hooks(SmtpDialogue dialogue) implements SmtpHooks {
    /** The environment is asked each time: rules and other extensions change it. */
    private boolean offered() {
      return dialogue.tls().isPresent()
          && !dialogue.session().environment().containsKey(OTHER_QUEUE);
    }

    @Override
    public List<String> keywords() {
      return offered() ? List.of(NAME) : List.of();
    }

    @Override
    public Set<String> mailParameters() {
      return Set.of(NAME);
    }

    @Override
    public Optional<Reply> mail(List<SmtpParameter> parameters) {
      for (SmtpParameter parameter : parameters) {
        if (parameter.keyword().equals(NAME)) {
          if (!offered()) {
            // Where no parameter is anybody's the listener would ignore it, as qmail does.
            return Optional.of(Reply.of(555, "5.5.4", "REQUIRETLS is not offered here"));
          }
          if (parameter.value().isPresent()) {
            return Optional.of(Reply.of(501, "5.5.4", "REQUIRETLS takes no value"));
          }
          dialogue.options(dialogue.options().withRequireTls(true));
        }
      }
      return Optional.empty();
    }
  }
}
