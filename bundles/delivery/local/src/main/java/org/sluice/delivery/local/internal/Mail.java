package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.BytesMessage;

/** The message of one delivery, asked for when the home is in order. */
@FunctionalInterface
interface Mail {
  /** The message, to be opened as often as one likes. */
  MessageSource open() throws Refusal;

  /** A message that is somewhere already; a small one is read once, as the loop check reads it. */
  static Mail of(MessageSource message) {
    return () -> {
      if (message.size() > Spool.SMALL) {
        return message;
      }
      try (InputStream in = message.open()) {
        byte[] octets = in.readNBytes((int) message.size());
        return new BytesMessage(octets, 0, octets.length);
      } catch (IOException e) {
        throw Refusal.read(e);
      }
    };
  }

  /** Descriptor 0, which must be seekable, as qmail-local rewinds it before each instruction. */
  static Mail of(ProgramContext context, Spool spool) {
    return () -> {
      try {
        context.rewind();
      } catch (IOException e) {
        throw Refusal.temporary("Unable to rewind message. (#4.3.0)");
      }
      try {
        return spool.keep(context.in(), Long.MAX_VALUE);
      } catch (IOException e) {
        throw Refusal.read(e);
      }
    };
  }
}
