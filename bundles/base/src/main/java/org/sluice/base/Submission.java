package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Reply;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;

/** The end of a transaction, the same for every listener: the filters' word, then the commit. */
public final class Submission {
  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

  /** What the client is to be told. */
  public sealed interface Outcome {}

  /**
   * The message is the queue's, or was dropped on a filter's word, which a client must not see.
   *
   * @param process the number after {@code qp}
   */
  public record Accepted(long process) implements Outcome {}

  /** A filter has refused it. @param reply 4xx or 5xx */
  public record Refused(Reply reply) implements Outcome {}

  private Submission() {}

  /** The same with nothing asked for the message. */
  public static Outcome finish(String session, FilterPass pass, MailQueue queue, Draft draft)
      throws QueueException, InterruptedException {
    return finish(session, pass, queue, draft, MessageOptions.NONE);
  }

  /**
   * Asks the message filters and commits what they leave.
   *
   * @param session for the log
   * @param draft with its complete body; the caller closes it
   * @param options what the client asks for the message
   * @throws QueueException if the queue does not take it; nothing is queued then
   */
  public static Outcome finish(
      String session, FilterPass pass, MailQueue queue, Draft draft, MessageOptions options)
      throws QueueException, InterruptedException {
    try {
      return submit(session, pass, queue, draft, options);
    } catch (QueueException e) {
      pass.ended(MailEvent.Type.REFUSED, Optional.empty(), QueueStatus.of(e).text());
      throw e;
    }
  }

  private static Outcome submit(
      String session, FilterPass pass, MailQueue queue, Draft draft, MessageOptions options)
      throws QueueException, InterruptedException {
    FilterPass.Filtered filtered = pass.message(new LazyMessage(draft));
    Verdict verdict = filtered.verdict();
    if (verdict instanceof Verdict.Reject reject) {
      return new Refused(reject.reply());
    }
    if (verdict instanceof Verdict.TempFail tempFail) {
      return new Refused(tempFail.reply());
    }
    if (verdict instanceof Verdict.Discard discard) {
      return discard(session, pass, draft, "discarded by a filter: " + discard.reason());
    }
    if (filtered.envelope().recipients().isEmpty() && !pass.transaction().recipients().isEmpty()) {
      return discard(session, pass, draft, "discarded, filters removed every recipient");
    }
    if (filtered.replacement().isEmpty()) {
      return commit(session, pass, draft, filtered, options);
    }
    try (Draft edited = queue.open(Origin.NETWORK)) {
      copy(filtered.replacement().get(), edited);
      return commit(session, pass, edited, filtered, options);
    }
  }

  private static Outcome discard(String session, FilterPass pass, Draft draft, String why) {
    LOG.warn("{}: message {}", session, why);
    pass.ended(MailEvent.Type.DISCARDED, Optional.empty(), why);
    return new Accepted(draft.process());
  }

  private static Outcome commit(
      String session,
      FilterPass pass,
      Draft draft,
      FilterPass.Filtered filtered,
      MessageOptions options)
      throws QueueException {
    var how = MailEvent.Type.ACCEPTED;
    String why = "";
    if (filtered.verdict() instanceof Verdict.Quarantine quarantine) {
      LOG.warn("{}: message held by a filter: {}", session, quarantine.reason());
      draft.hold(quarantine.reason());
      how = MailEvent.Type.QUARANTINED;
      why = quarantine.reason();
    }
    QueueId id = draft.commit(filtered.envelope().withOptions(options));
    pass.ended(how, Optional.of(id), why);
    return new Accepted(draft.process());
  }

  private static void copy(MessageSource message, Draft into) throws QueueException {
    try (InputStream in = message.open()) {
      in.transferTo(into.body());
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(ExitCode.READ, "the changed message cannot be read", e);
    }
  }

  /** The draft's message, fetched only if a filter looks. */
  private record LazyMessage(Draft draft) implements MessageSource {
    @Override
    public long size() {
      try {
        return draft.message().size();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream open() throws IOException {
      return draft.message().open();
    }

    @Override
    public Header header() throws IOException {
      return draft.message().header();
    }
  }
}
