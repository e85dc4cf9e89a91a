package org.sluice.base;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;
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

  /**
   * Asks the message filters and commits what they leave.
   *
   * @param session for the log
   * @param draft with its complete body; the caller closes it
   * @throws QueueException if the queue does not take it; nothing is queued then
   */
  public static Outcome finish(String session, FilterPass pass, MailQueue queue, Draft draft)
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
      LOG.warn("{}: message discarded by a filter: {}", session, discard.reason());
      return new Accepted(draft.process());
    }
    if (filtered.envelope().recipients().isEmpty() && !pass.transaction().recipients().isEmpty()) {
      LOG.warn("{}: filters removed every recipient, message discarded", session);
      return new Accepted(draft.process());
    }
    if (filtered.replacement().isEmpty()) {
      return commit(session, draft, verdict, filtered.envelope());
    }
    try (Draft edited = queue.open(Origin.NETWORK)) {
      copy(filtered.replacement().get(), edited);
      return commit(session, edited, verdict, filtered.envelope());
    }
  }

  private static Outcome commit(String session, Draft draft, Verdict verdict, Envelope envelope)
      throws QueueException {
    if (verdict instanceof Verdict.Quarantine quarantine) {
      LOG.warn("{}: message held by a filter: {}", session, quarantine.reason());
      draft.hold(quarantine.reason());
    }
    draft.commit(envelope);
    return new Accepted(draft.process());
  }

  /** Without the first draft's trace line, which the queue has written anew. */
  private static void copy(MessageSource message, Draft into) throws QueueException {
    try (InputStream in = new BufferedInputStream(message.open())) {
      in.mark(32);
      if (new String(in.readNBytes(17), StandardCharsets.ISO_8859_1).equals("Received: (qmail ")) {
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
          continue;
        }
      } else {
        in.reset();
      }
      in.transferTo(into.body());
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(
          org.sluice.api.program.ExitCode.READ, "the edited message cannot be read", e);
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
