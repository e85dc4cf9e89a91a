package org.sluice.tools.maildir.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.sluice.base.Directories;
import org.sluice.base.FromQuoter;
import org.sluice.base.ProgramExit;

/** The old mbox and the messages in a temporary file, which then takes the mbox's place. */
final class NewMbox {
  private static final int BLOCK = 65536;
  private static final Set<StandardOpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);

  private final Path directory;
  private final String name;
  private final LockedMbox old;
  private final byte[] block = new byte[BLOCK];

  /**
   * To be made in a temporary file.
   *
   * @param directory what its name is relative to
   */
  NewMbox(Path directory, String name, LockedMbox old) {
    this.directory = directory;
    this.name = name;
    this.old = old;
  }

  /** When this returns, the messages are in the mbox, on disk. */
  void make(List<Maildir.Message> messages) throws ProgramExit, InterruptedException {
    Path temporary = temporary();
    try (var channel = open(temporary);
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), BLOCK)) {
      copy(out);
      for (Maildir.Message message : messages) {
        add(message, out);
        old.stillHere();
      }
      out.flush();
      channel.force(true);
    } catch (IOException e) {
      throw failure("unable to write to " + name, e);
    }
    moveIntoPlace(temporary);
  }

  private Path temporary() throws ProgramExit {
    try {
      return Names.resolve(directory, name);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to create " + name, e);
    }
  }

  private FileChannel open(Path temporary) throws ProgramExit {
    try {
      if (Files.exists(temporary) && Files.isSameFile(temporary, old.file())) {
        throw ProgramExit.temporary("unable to create " + name + ": it is the mbox itself");
      }
      var mode = PosixFilePermissions.fromString("rw-------");
      return FileChannel.open(temporary, REPLACE, PosixFilePermissions.asFileAttribute(mode));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to create " + name, e);
    }
  }

  private void copy(OutputStream out) throws IOException, ProgramExit, InterruptedException {
    InputStream in = old.content();
    for (int n = read(in::read, old.name()); n >= 0; n = read(in::read, old.name())) {
      out.write(block, 0, n);
      old.stillHere();
    }
  }

  private void add(Maildir.Message message, OutputStream out)
      throws IOException, ProgramExit, InterruptedException {
    try (MessageLines lines = lines(message)) {
      out.write(fromLine(lines, message).getBytes(StandardCharsets.ISO_8859_1));
      var quoter = new FromQuoter(out);
      for (int n = read(lines::read, message.name());
          n >= 0;
          n = read(lines::read, message.name())) {
        quoter.write(block, n);
      }
      quoter.end();
    }
  }

  private static MessageLines lines(Maildir.Message message)
      throws ProgramExit, InterruptedException {
    try {
      return MessageLines.open(message);
    } catch (IOException e) {
      throw failure("unable to read " + message.name(), e);
    }
  }

  private static String fromLine(MessageLines lines, Maildir.Message message)
      throws ProgramExit, InterruptedException {
    try {
      return lines.fromLine();
    } catch (IOException e) {
      throw failure("unable to read " + message.name(), e);
    }
  }

  private interface Reading {
    int read(byte[] block) throws IOException;
  }

  private int read(Reading in, String what) throws ProgramExit, InterruptedException {
    try {
      return in.read(block);
    } catch (IOException e) {
      throw failure("unable to read " + what, e);
    }
  }

  /** An interrupt shows itself by closing the channel that is in use. */
  private static ProgramExit failure(String text, IOException e) throws InterruptedException {
    if (e instanceof ClosedByInterruptException && Thread.interrupted()) {
      throw new InterruptedException(text);
    }
    return ProgramExit.temporary(text, e);
  }

  private void moveIntoPlace(Path temporary) throws ProgramExit, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before " + old.name() + " was replaced");
    }
    try {
      Files.move(
          temporary,
          old.file(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      // Before the messages go: a crash must not take both the new name and them.
      force(old.file().toAbsolutePath().getParent());
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to move " + name + " to " + old.name(), e);
    }
  }

  /** Not to be interrupted: the messages would stay, and be delivered twice. */
  private static void force(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          Directories.force(directory);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
