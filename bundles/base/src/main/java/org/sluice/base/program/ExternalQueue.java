package org.sluice.base.program;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import org.sluice.api.program.ExitCode;
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

  /** Makes an empty file. */
  @FunctionalInterface
  interface Spool {
    Path create() throws IOException;
  }

  private final String program;
  private final Function<List<String>, Execution> programs;
  private final Runnable missing;
  private final Spool spool;

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
    this(program, programs, missing, () -> Files.createTempFile("sluice-queue-", ".eml"));
  }

  ExternalQueue(
      String program, Function<List<String>, Execution> programs, Runnable missing, Spool spool) {
    this.program = program;
    this.programs = programs;
    this.missing = missing;
    this.spool = spool;
  }

  @Override
  public Draft open(Origin origin) throws QueueException {
    try {
      return new Spooled(spool.create());
    } catch (IOException e) {
      throw unspooled(e);
    }
  }

  private static QueueException unspooled(IOException e) {
    return new QueueException(ExitCode.WRITE, "cannot spool a message: " + e.getMessage(), e);
  }

  /** Whose failures are the queue's, not the client's. */
  private static final class Body extends FilterOutputStream {
    Body(OutputStream file) {
      super(new BufferedOutputStream(file, 65_536));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws QueueException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw unspooled(e);
      }
    }

    @Override
    public void write(int octet) throws QueueException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void flush() throws QueueException {
      try {
        out.flush();
      } catch (IOException e) {
        throw unspooled(e);
      }
    }
  }

  /** Keeps the beginning of what the program says, and drops the rest. */
  private static final class Beginning extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(ERROR_LIMIT);

    String text() {
      return kept.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, ERROR_LIMIT - kept.size()));
    }
  }

  private final class Spooled implements Draft {
    private final Path file;
    private final OutputStream body;
    private long process = ProcessHandle.current().pid();

    Spooled(Path file) throws IOException {
      this.file = file;
      this.body = new Body(Files.newOutputStream(file));
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
      } catch (QueueException e) {
        throw e;
      } catch (IOException e) {
        throw unspooled(e);
      }
    }

    @Override
    public void hold(String reason) {
      LOG.warn("{}: a program cannot hold a message, it is queued: {}", program, reason);
    }

    @Override
    public QueueId commit(Envelope envelope) throws QueueException {
      var message = new WatchedMessage(message());
      var recipients = new ByteArrayInputStream(octets(envelope));
      var error = new Beginning();
      int status;
      try {
        if (program.isEmpty()) {
          throw new QueueException(CANNOT_EXEC, "QMAILQUEUE is empty");
        }
        status = run(message, recipients, error);
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
        throw new QueueException(
            Child.crashed(status) ? QueueStatus.CRASHED : status, error.text());
      }
      // One that ends well without the mail has lost it: to qmail-smtpd its pipe is broken.
      if (!message.ended() || recipients.available() > 0) {
        throw new QueueException(
            ExitCode.READ, program + ": ended with 0 and has not read all of the message");
      }
      return new QueueId(process());
    }

    private int run(MessageSource message, InputStream envelope, OutputStream error)
        throws IOException, InterruptedException {
      return programs
          .apply(List.of(program))
          .pathexec() // qmail-smtpd and the others call execv(3): no shell runs what is no program
          .tellSignals()
          .tellProcess(number -> process = number)
          .message(message)
          .input(1, envelope)
          .output(6, error)
          .run();
    }

    @Override
    public long process() {
      return process;
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        LOG.debug("{}: {}", file, e.toString()); // a full disk: what was to be written is dropped
      }
      try {
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
