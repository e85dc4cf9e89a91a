package org.sluice.queue.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;

/** {@code qmail-queue}: message on descriptor 0, envelope on descriptor 1 (spec 10 section 2). */
@Component(property = Program.NAME + "=qmail-queue")
public final class QueueProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(QueueProgram.class);

  /** The longest address, in octets (spec 10 section 2.3). */
  private static final int LONGEST = 1002;

  private final MailQueue queue;

  /** Puts messages into this queue. */
  @Activate
  public QueueProgram(@Reference MailQueue queue) {
    this.queue = queue;
  }

  @Override
  public int run(ProgramContext context) throws IOException {
    Origin origin = Origin.user((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    try (Draft draft = queue.open(origin)) {
      copy(context.in(), draft);
      Optional<InputStream> envelope = context.input(1);
      if (envelope.isEmpty()) {
        return ExitCode.READ;
      }
      draft.commit(read(new BufferedInputStream(envelope.get())));
      return ExitCode.OK;
    } catch (QueueException e) {
      LOG.info("qmail-queue: {}", e.getMessage());
      return e.exitCode();
    }
  }

  /** A failed read is the sender's trouble, a failed write the queue's own. */
  private static void copy(InputStream in, Draft draft) throws QueueException, IOException {
    byte[] block = new byte[65_536];
    while (true) {
      int n;
      try {
        n = in.read(block);
      } catch (IOException e) {
        throw new QueueException(ExitCode.READ, "message unreadable: " + e.getMessage(), e);
      }
      if (n < 0) {
        return;
      }
      draft.body().write(block, 0, n);
    }
  }

  private static Envelope read(InputStream in) throws QueueException {
    try {
      if (in.read() != 'F') {
        throw new QueueException(ExitCode.ENVELOPE, "envelope does not begin with F");
      }
      var sender = new ReversePath(address(in));
      List<Recipient> recipients = new ArrayList<>();
      for (int kind = next(in); kind != 0; kind = next(in)) {
        if (kind != 'T') {
          throw new QueueException(ExitCode.ENVELOPE, "no T before a recipient");
        }
        recipients.add(new Recipient(address(in)));
      }
      return new Envelope(sender, recipients);
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(ExitCode.READ, "envelope unreadable: " + e.getMessage(), e);
    }
  }

  private static int next(InputStream in) throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new QueueException(ExitCode.READ, "envelope ends early");
    }
    return octet;
  }

  private static String address(InputStream in) throws IOException {
    byte[] octets = new byte[LONGEST];
    int length = 0;
    for (int octet = next(in); octet != 0; octet = next(in)) {
      if (length == LONGEST) {
        throw new QueueException(ExitCode.ADDRESS_TOO_LONG, "address longer than " + LONGEST);
      }
      octets[length++] = (byte) octet;
    }
    return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
  }
}
