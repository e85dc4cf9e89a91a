package org.sluice.smtp.deliverby.internal;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.OperatorConfig;

/** Takes the time by which a message is to be delivered, which goes into the queue with it. */
@Component(configurationPid = DeliverByExtension.PID, property = SmtpExtension.NAME + "=deliverby")
@Designate(ocd = DeliverByConfig.class)
public final class DeliverByExtension implements SmtpExtension {
  static final String PID = "org.sluice.smtp.deliverby";

  /** Of a listener's or a rule's environment; {@code -} offers nothing. */
  private static final String VARIABLE = "SMTPDELIVERBY";

  private static final String KEYWORD = "DELIVERBY";
  private static final String PARAMETER = "BY";

  /** What fits the keyword (RFC 2852 section 2) and the parameter. */
  private static final int LONGEST = 999_999_999;

  private final int minimum;
  private final InstantSource clock;

  /** For the framework. */
  @Activate
  public DeliverByExtension(DeliverByConfig config, Map<String, Object> properties) {
    this(
        OperatorConfig.mended(PID, DeliverByConfig.class, config, properties, Map.of()).minimum(),
        InstantSource.system());
  }

  DeliverByExtension(int minimum, InstantSource clock) {
    this.minimum = Math.min(minimum, LONGEST);
    this.clock = clock;
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    if ("-".equals(dialogue.session().environment().get(VARIABLE))) {
      return Optional.empty();
    }
    return Optional.of(
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            return List.of(minimum > 0 ? KEYWORD + " " + minimum : KEYWORD);
          }

          @Override
          public Set<String> mailParameters() {
            return Set.of(PARAMETER);
          }

          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            return parameters.stream()
                .filter(p -> p.keyword().equals(PARAMETER))
                .findFirst() // the listener refuses a second one
                .flatMap(p -> ask(dialogue, p.value()));
          }
        });
  }

  private Optional<Reply> ask(SmtpDialogue dialogue, Optional<String> value) {
    Optional<ByValue> by = value.flatMap(ByValue::of);
    if (by.isEmpty()) {
      return Optional.of(Reply.of(501, "5.5.4", "syntax error in parameter " + PARAMETER));
    }
    ByValue wanted = by.get();
    if (wanted.mode() == DeliverBy.Mode.RETURN && wanted.seconds() < minimum) {
      return Optional.of(
          Reply.of(
              555,
              "5.5.4",
              "%d seconds are too few, %d is the least".formatted(wanted.seconds(), minimum)));
    }
    var from = Optional.of(wanted.from(clock.instant()));
    dialogue.options(dialogue.options().withDeliverBy(from));
    return Optional.empty();
  }
}
