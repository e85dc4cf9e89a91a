package org.sluice.smtp.limits.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.Decimal;
import org.sluice.base.OperatorConfig;
import org.sluice.base.PrintableText;

/** Ends what goes too far. Asked before all other extensions. */
@Component(
    configurationPid = Limits.PID,
    property = {Constants.SERVICE_RANKING + ":Integer=2000", SmtpExtension.NAME + "=limits"})
@Designate(ocd = LimitsConfig.class)
public final class Limits implements SmtpExtension {
  static final String PID = "org.sluice.smtp.limits";
  private static final Logger LOG = LoggerFactory.getLogger(Limits.class);

  /** A patience that no session has an end of. */
  private static final Duration EVER = Duration.ofDays(365);

  /** The last commands of a group (RFC 2920 section 3.1) whose answer a client has to wait for. */
  private static final Set<String> WAIT_AFTER = Set.of("helo", "ehlo", "data", "auth", "starttls");

  /** The largest limit that can be told (RFC 9422 section 4). */
  private static final long MOST_TOLD = 999_999;

  /** The attribute of a transaction. */
  private static final String RECIPIENTS = "org.sluice.smtp.limits.recipients";

  private final LimitsConfig config;
  private final LineEndPolicy lineEnds;

  /** For the framework. */
  @Activate
  public Limits(LimitsConfig config, Map<String, Object> properties) {
    this(OperatorConfig.mended(PID, LimitsConfig.class, config, properties, Map.of()));
  }

  Limits(LimitsConfig config) {
    this.config = config;
    this.lineEnds = new LineEndPolicy(config, LOG::error);
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    dialogue.patience(patience(config.commandSeconds()), patience(config.messageSeconds()));
    dialogue.lineEnds(lineEnds.of(dialogue.session().environment()));
    return Optional.of(new Hooks(dialogue));
  }

  private static Duration patience(int seconds) {
    return seconds > 0 ? Duration.ofSeconds(seconds) : EVER;
  }

  private final class Hooks implements SmtpHooks {
    private final SmtpDialogue dialogue;
    private final long maxRecipients;
    private final long maxMessages;
    private int errors;
    private long messages;

    Hooks(SmtpDialogue dialogue) {
      this.dialogue = dialogue;
      this.maxRecipients = variable("MAXRECIPIENTS", config.maxRecipients());
      this.maxMessages = variable("MAXMESSAGES", config.maxMessages());
    }

    private long variable(String name, long otherwise) {
      String value = dialogue.session().environment().get(name);
      return value == null || Decimal.digits(value) == 0 ? otherwise : Decimal.leading(value);
    }

    @Override
    public Optional<Reply> connected() throws IOException {
      Map<String, String> environment = dialogue.session().environment();
      String noMail = environment.getOrDefault("NOMAIL", config.noMail());
      if (!noMail.isBlank() && !environment.containsKey("RELAYCLIENT")) {
        return Optional.of(Reply.of(521, PrintableText.of(noMail.strip(), '?')));
      }
      long seconds = variable("GREETDELAY", config.greetingDelay());
      boolean early =
          seconds > 0
              && !environment.containsKey("RELAYCLIENT")
              && dialogue.speaks(Duration.ofSeconds(Math.min(seconds, 300)));
      return Optional.of(Reply.of(554, "5.5.1", "protocol error: spoke before greeting"))
          .filter(r -> early);
    }

    @Override
    public List<String> keywords() {
      String told = told("RCPTMAX", maxRecipients) + told("MAILMAX", maxMessages);
      return config.announce() && !told.isEmpty() ? List.of("LIMITS" + told) : List.of();
    }

    private String told(String name, long limit) {
      return limit > 0 && limit <= MOST_TOLD ? " " + name + "=" + limit : "";
    }

    @Override
    public SmtpAnswer command(SmtpCommand command) {
      if (config.maxErrors() > 0 && errors >= config.maxErrors()) {
        return new SmtpAnswer.End(Reply.of(421, "4.7.0", "too many errors"));
      }
      if (config.strictPipelining() && command.more() && WAIT_AFTER.contains(command.verb())) {
        return new SmtpAnswer.End(Reply.of(503, "5.5.0", "improper use of pipelining"));
      }
      if (maxMessages > 0 && command.verb().equals("mail") && messages++ >= maxMessages) {
        return new SmtpAnswer.End(Reply.of(421, "4.7.0", "too many messages in a session"));
      }
      return SmtpAnswer.pass();
    }

    @Override
    public Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters) {
      return accepted()
          .filter(n -> maxRecipients > 0 && n.get() >= maxRecipients)
          .map(n -> Reply.of(452, "4.5.3", "too many recipients"));
    }

    /** Recipients of this transaction: kept there, as it goes on when another MAIL is refused. */
    private Optional<AtomicLong> accepted() {
      return dialogue
          .transaction()
          .map(t -> (AtomicLong) t.attributes().computeIfAbsent(RECIPIENTS, n -> new AtomicLong()));
    }

    @Override
    public Reply edit(String verb, Reply reply) {
      if (reply.permanent()) {
        errors++;
      } else if (verb.equals("rcpt") && reply.code() == 250) {
        accepted().ifPresent(AtomicLong::incrementAndGet);
      }
      return reply;
    }
  }
}
