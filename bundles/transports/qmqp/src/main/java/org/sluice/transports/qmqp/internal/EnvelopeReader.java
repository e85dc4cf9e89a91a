package org.sluice.transports.qmqp.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;

/** The envelope on descriptor 1 by qmail-qmqpc's rules (spec 30 section 4.3). */
final class EnvelopeReader {
  /** Octets in all; qmail-qmqpc takes what its memory holds. */
  private static final int LIMIT = 16 << 20;

  private final InputStream in;
  private int read;

  private EnvelopeReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** What follows the envelope is not looked at. */
  static Envelope read(Optional<InputStream> descriptor) throws QueueException {
    var in = descriptor.orElseThrow(() -> new QueueException(ExitCode.READ, "no descriptor 1"));
    return new EnvelopeReader(in).envelope();
  }

  private Envelope envelope() throws QueueException {
    String first = item();
    if (!first.startsWith("F")) {
      throw malformed("it does not begin with F");
    }
    List<Recipient> recipients = new ArrayList<>();
    for (String item = item(); !item.isEmpty(); item = item()) {
      if (!item.startsWith("T")) {
        throw malformed("no T before a recipient");
      }
      recipients.add(new Recipient(item.substring(1)));
    }
    return new Envelope(new ReversePath(first.substring(1)), recipients);
  }

  /** What precedes the next NUL. */
  private String item() throws QueueException {
    var item = new ByteArrayOutputStream();
    for (int octet = octet(); octet != 0; octet = octet()) {
      if (octet < 0) {
        throw malformed("it ends early");
      }
      if (++read > LIMIT) {
        throw new QueueException(ExitCode.NO_MEMORY, "envelope of more than " + LIMIT + " octets");
      }
      item.write(octet);
    }
    return item.toString(StandardCharsets.ISO_8859_1);
  }

  private int octet() throws QueueException {
    try {
      return in.read();
    } catch (IOException e) {
      throw new QueueException(ExitCode.READ, "envelope unreadable: " + e.getMessage(), e);
    }
  }

  private static QueueException malformed(String what) {
    return new QueueException(ExitCode.ENVELOPE, "envelope: " + what);
  }
}
