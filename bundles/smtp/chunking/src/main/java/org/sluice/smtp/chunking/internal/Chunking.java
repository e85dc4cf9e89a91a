package org.sluice.smtp.chunking.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;

/** BDAT: its syntax, and what may come between its parts; the listener reads the octets. */
@Component(property = SmtpExtension.NAME + "=chunking")
public final class Chunking implements SmtpExtension {
  private static final Pattern ARGUMENT =
      Pattern.compile("([0-9]{1,18})( +LAST)? *", Pattern.CASE_INSENSITIVE);

  /** What may come between two parts of a message. */
  private static final Set<String> BETWEEN = Set.of("bdat", "rset", "noop", "quit");

  /**
   * What may not come when a part was refused for want of a recipient: with one, the parts behind
   * it would pass for the whole message.
   */
  private static final Set<String> TOO_LATE = Set.of("rcpt", "data");

  /** The attribute of a transaction of which a part was refused. */
  private static final String FAILED = "org.sluice.smtp.chunking.failed";

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return Optional.of(new Hooks(dialogue));
  }

  private static final class Hooks implements SmtpHooks {
    private final SmtpDialogue dialogue;
    private boolean begun;

    Hooks(SmtpDialogue dialogue) {
      this.dialogue = dialogue;
    }

    @Override
    public List<String> keywords() {
      return List.of("CHUNKING");
    }

    /** Wherever there is BDAT clients may think of BINARYMIME (RFC 3030), so BODY is looked at. */
    @Override
    public Set<String> mailParameters() {
      return Set.of("BODY");
    }

    @Override
    public SmtpAnswer command(SmtpCommand command) {
      if (begun && !BETWEEN.contains(command.verb())) {
        return SmtpAnswer.say(503, "5.5.1", "BDAT has begun");
      }
      Optional<MailTransaction> transaction = dialogue.transaction();
      if (TOO_LATE.contains(command.verb())
          && transaction.filter(t -> t.attributes().containsKey(FAILED)).isPresent()) {
        return SmtpAnswer.say(503, "5.5.1", "BDAT has failed, RSET first");
      }
      if (!command.verb().equals("bdat")) {
        return SmtpAnswer.pass();
      }
      Matcher argument = ARGUMENT.matcher(command.argument());
      if (!argument.matches()) {
        // Where the next command begins cannot be told.
        return new SmtpAnswer.End(Reply.of(501, "5.5.4", "BDAT wants a number, and perhaps LAST"));
      }
      begun = transaction.filter(t -> !t.recipients().isEmpty()).isPresent();
      if (!begun) {
        transaction.ifPresent(t -> t.attributes().put(FAILED, true));
      }
      return new SmtpAnswer.Chunk(Long.parseLong(argument.group(1)), argument.group(2) != null);
    }

    @Override
    public void reset() {
      begun = false;
    }
  }
}
