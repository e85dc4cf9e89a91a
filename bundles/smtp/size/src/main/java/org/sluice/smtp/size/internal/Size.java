package org.sluice.smtp.size.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.Period;

/** Tells the limit, and refuses at MAIL what a client says is larger, or than there is room for. */
@Component(property = SmtpExtension.NAME + "=size")
public final class Size implements SmtpExtension {
  private static final Logger LOG = LoggerFactory.getLogger(Size.class);
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}");

  private final Supplier<Optional<Long>> room;
  private final Period refusing;

  /** The room is that of the file system which the queue is on. */
  @Activate
  public Size(@Reference Control control) {
    this(() -> room(control.home().resolve("queue")), System::nanoTime);
  }

  Size(Supplier<Optional<Long>> room, LongSupplier nanoTime) {
    this.room = room;
    this.refusing = new Period(Duration.ofMinutes(1), nanoTime);
  }

  /** Octets; empty if the queue is not a directory here, or that cannot be told. */
  private static Optional<Long> room(Path queue) {
    try {
      return Optional.of(Files.getFileStore(queue).getUsableSpace());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{}: {}", queue, e.toString());
      return Optional.empty();
    }
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return Optional.of(
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            long limit = dialogue.sizeLimit();
            return List.of(limit == 0 ? "SIZE" : "SIZE " + limit);
          }

          @Override
          public Set<String> mailParameters() {
            return Set.of("SIZE");
          }

          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            return parameters.stream()
                .filter(p -> p.keyword().equals("SIZE"))
                .flatMap(p -> take(p.value().orElse(""), dialogue).stream())
                .findFirst();
          }
        });
  }

  private Optional<Reply> take(String value, SmtpDialogue dialogue) {
    if (!DIGITS.matcher(value).matches()) {
      return Optional.of(Reply.of(501, "5.5.4", "SIZE wants a number"));
    }
    var declared = new BigInteger(value);
    long octets = declared.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    dialogue
        .transaction()
        .ifPresent(begun -> begun.attributes().put(MailTransaction.DECLARED_SIZE, octets));
    return refusal(declared, dialogue.sizeLimit());
  }

  private Optional<Reply> refusal(BigInteger declared, long limit) {
    if (limit > 0 && declared.compareTo(BigInteger.valueOf(limit)) > 0) {
      return Optional.of(
          Reply.of(552, "5.3.4", "sorry, that message size exceeds my databytes limit"));
    }
    return room.get()
        .filter(free -> declared.compareTo(BigInteger.valueOf(free)) > 0)
        .map(free -> full(free, declared));
  }

  /** The operator is told once a minute while that goes on. */
  private Reply full(long free, BigInteger declared) {
    if (refusing.begins()) {
      LOG.warn("mail is refused: {} octets free for the queue, {} needed", free, declared);
    }
    return Reply.of(452, "4.3.1", "not enough room for that now");
  }
}
