package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.QueueException;
import org.sluice.api.smtp.SmtpAnswer;

/** The commands that bring a message: DATA (spec 20 section 7.6), and BDAT (RFC 3030). */
final class MessageCommands {
  private static final Logger LOG = LoggerFactory.getLogger(MessageCommands.class);
  private static final String NO_QUEUE = "451 qqt failure (#4.3.0)";

  private final InstantSource clock;
  private final Supplier<Optional<MailQueue>> queue;
  private final Conversation talk;
  private final long limit;

  MessageCommands(
      InstantSource clock, Supplier<Optional<MailQueue>> queue, Conversation talk, long limit) {
    this.clock = clock;
    this.queue = queue;
    this.talk = talk;
    this.limit = limit;
  }

  void data() throws IOException, InterruptedException {
    if (refused()) {
      return;
    }
    try (Intake message = open()) {
      talk.out().line("354 go ahead");
      talk.messageBegins();
      new BodyReader(talk.in(), message, talk.lineEnds()).read();
      message.end(talk.present().orElseThrow().pass(), talk.options(), talk.out());
    } catch (QueueException e) {
      noQueue(e);
    } finally {
      talk.clear();
    }
  }

  /** Whether the sequence of commands is wrong; the transaction stays. */
  private boolean refused() throws IOException {
    if (talk.present().isEmpty()) {
      talk.out().line("503 MAIL first (#5.5.1)");
      return true;
    }
    if (!talk.present().get().hasRecipients()) {
      talk.out().line("503 RCPT first (#5.5.1)");
      return true;
    }
    return false;
  }

  private Intake open() throws IOException {
    var target =
        queue.get().orElseThrow(() -> new QueueException(ExitCode.QUEUE, "there is no queue"));
    return new Intake(clock, target, talk.session(), talk.with(), limit);
  }

  private void noQueue(QueueException why) throws IOException {
    LOG.warn("{}: {}", talk.session().id(), why.getMessage());
    talk.out().line(NO_QUEUE);
  }

  void chunk(SmtpAnswer.Chunk chunk) throws IOException, InterruptedException {
    talk.messageBegins();
    if (refused()) {
      ChunkReader.skip(talk.in(), chunk.octets());
      return;
    }
    Transaction transaction = talk.present().get();
    Transaction.Chunks chunks;
    try {
      chunks =
          transaction.chunks().isPresent()
              ? transaction.chunks().get()
              : transaction.chunks(open(), talk.lineEnds());
    } catch (QueueException e) {
      ChunkReader.skip(talk.in(), chunk.octets());
      noQueue(e);
      talk.clear();
      return;
    }
    chunks.reader().read(talk.in(), chunk.octets());
    if (chunk.last()) {
      chunks.reader().end();
    }
    if (chunk.last() || chunks.message().failed()) {
      chunks.message().end(transaction.pass(), talk.options(), talk.out());
      talk.clear();
    } else {
      talk.out().line("250 " + chunk.octets() + " octets received");
    }
  }
}
