package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.BytesMessage;
import org.sluice.base.FileMessage;

/** The message of one delivery, read once if it is small; opened when the home is in order. */
interface Mail extends AutoCloseable {
  /** Octets up to which a message is kept in memory, where the loop check reads it anyway. */
  int SMALL = 1 << 16;

  /** The message, to be opened as often as one likes. */
  MessageSource open() throws Refusal;

  @Override
  void close() throws IOException;

  /** A message that is somewhere already. */
  static Mail of(MessageSource message) {
    return new Mail() {
      @Override
      public MessageSource open() throws Refusal {
        if (message.size() > SMALL) {
          return message;
        }
        try (InputStream in = message.open()) {
          byte[] octets = in.readNBytes((int) message.size());
          return new BytesMessage(octets, 0, octets.length);
        } catch (IOException e) {
          throw Refusal.read(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Descriptor 0, which must be seekable, as qmail-local rewinds it before each instruction. */
  static Mail of(ProgramContext context) {
    return new Spooled(context);
  }

  /** In memory if it is small, else in a file that goes with the delivery. */
  final class Spooled implements Mail {
    private final ProgramContext context;
    private Path file;

    private Spooled(ProgramContext context) {
      this.context = context;
    }

    @Override
    public MessageSource open() throws Refusal {
      try {
        context.rewind();
      } catch (IOException e) {
        throw Refusal.temporary("Unable to rewind message. (#4.3.0)");
      }
      try {
        InputStream in = context.in();
        byte[] octets = in.readNBytes(SMALL + 1);
        if (octets.length <= SMALL) {
          return new BytesMessage(octets, 0, octets.length);
        }
        file = Files.createTempFile("sluice-local-", ".eml"); // mode 0600
        try (OutputStream out = Files.newOutputStream(file)) {
          out.write(octets);
          in.transferTo(out);
        }
        return new FileMessage(file);
      } catch (IOException e) {
        throw Refusal.read(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }
}
