package org.sluice.base.program;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.Recipient;
import org.sluice.api.program.Execution;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.Child;
import org.sluice.base.FileMessage;
import org.sluice.base.QueueStatus;

/**
 * A program in the place of qmail-queue (spec 10 section 2A.1): message on descriptor 0, envelope
 * on descriptor 1, a text for the client on descriptor 6. The message is spooled first, so that the
 * program sees it whole and filters can look at it.
 */
public final class ExternalQueue implements MailQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ExternalQueue.class);
  private static final int CANNOT_EXEC = 120;

  private static final int ERROR_LIMIT = 255;

  private final String program;
  private final Function<List<String>, Execution> programs;
  private final Runnable missing;

  /**
   * A queue behind a program.
   *
   * @param program its path, or the name of a program of ours; run without arguments
   * @param programs prepares to run it, with its environment and directory
   */
  public ExternalQueue(String program, Function<List<String>, Execution> programs) {
    this(program, programs, () -> {});
  }

  /**
   * The same.
   *
   * @param missing called, before the throw, when the program cannot be started
   */
  public ExternalQueue(
      String program, Function<List<String>, Execution> programs, Runnable missing) {
    this.program = program;
    this.programs = programs;
    this.missing = missing;
  }

  @Override
  public Draft open(Origin origin) throws QueueException {
    try {
      return new Spooled(Files.createTempFile("sluice-queue-", ".eml"));
    } catch (IOException e) {
      throw new QueueException(53, "cannot spool a message: " + e.getMessage(), e);
    }
  }

  private final class Spooled implements Draft {
    private final Path file;
    private final OutputStream body;

    Spooled(Path file) throws IOException {
      this.file = file;
      this.body = new BufferedOutputStream(Files.newOutputStream(file), 65_536);
    }

    @Override
    public OutputStream body() {
      return body;
    }

    @Override
    public MessageSource message() throws QueueException {
      try {
        body.flush();
        return new FileMessage(file);
      } catch (IOException e) {
        throw new QueueException(53, "cannot spool a message: " + e.getMessage(), e);
      }
    }

    @Override
    public void hold(String reason) {
      LOG.warn("{}: a program cannot hold a message, it is queued: {}", program, reason);
    }

    @Override
    public QueueId commit(Envelope envelope) throws QueueException {
      MessageSource message = message();
      var error = new ByteArrayOutputStream();
      int status;
      try {
        if (program.isEmpty()) {
          throw new QueueException(CANNOT_EXEC, "QMAILQUEUE is empty");
        }
        status = run(message, envelope, error);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QueueException(81, program + ": interrupted", e);
      } catch (QueueException e) {
        throw e;
      } catch (IOException e) {
        missing.run();
        throw new QueueException(CANNOT_EXEC, program + ": " + e.getMessage(), e);
      }
      if (status != 0) {
        String text = error.toString(StandardCharsets.ISO_8859_1);
        throw new QueueException(
            // What cannot be run was found out before: 126 and 127 are the program's own.
            Child.crashed(status) ? QueueStatus.CRASHED : status,
            text.substring(0, Math.min(ERROR_LIMIT, text.length())));
      }
      return new QueueId(process());
    }

    private int run(MessageSource message, Envelope envelope, OutputStream error)
        throws IOException, InterruptedException {
      return programs
          .apply(List.of(program))
          .message(message)
          .input(1, new ByteArrayInputStream(octets(envelope)))
          .output(6, error)
          .run();
    }

    @Override
    public long process() {
      return ProcessHandle.current().pid();
    }

    @Override
    public void close() {
      try {
        body.close();
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("cannot remove {}", file, e);
      }
    }
  }

  private static byte[] octets(Envelope envelope) {
    var text = new StringBuilder("F").append(envelope.sender().address()).append('\0');
    for (Recipient recipient : envelope.recipients()) {
      text.append('T').append(recipient.address()).append('\0');
    }
    return text.append('\0').toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
