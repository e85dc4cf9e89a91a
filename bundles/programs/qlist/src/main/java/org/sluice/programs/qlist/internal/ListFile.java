package org.sluice.programs.qlist.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Directories;
import org.sluice.base.MboxLock;
import org.sluice.base.PathBytes;

/** The dot-qmail file that holds the subscribers, changed under the lock of the request file. */
final class ListFile {
  /** What has become of a command. */
  enum Outcome {
    ADDED,
    PRESENT,
    REMOVED,
    ABSENT,
    TROUBLE
  }

  private static final Logger LOG = LoggerFactory.getLogger(ListFile.class);
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  private static final Set<StandardOpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);

  private final Path list;
  private final Path request;
  private final Path temporary;
  private final MboxLock locks;
  private final long deadline;

  /**
   * In the context's directory.
   *
   * @param locks what excludes the threads of this JVM; a lock on a file of the operating system is
   *     lost when another thread closes the file
   */
  ListFile(ProgramContext context, Arguments arguments, MboxLock locks) {
    this.list = PathBytes.resolve(context.directory(), arguments.listFile());
    this.request = PathBytes.resolve(context.directory(), arguments.requestFile());
    this.temporary = PathBytes.resolve(context.directory(), arguments.temporaryFile());
    this.locks = locks;
    this.deadline = MboxLock.deadline(context);
  }

  /** Makes sure that there is a lock file. */
  void prepare() throws IOException, InterruptedException {
    ReentrantLock stripe = locks.stripe(request);
    if (!MboxLock.take(stripe, deadline)) {
      throw new IOException(request + " is locked");
    }
    try {
      FileChannel.open(request, APPEND, mode("rw-------")).close();
    } finally {
      stripe.unlock();
    }
  }

  /** Carries a command out; on any failure the old list stays. */
  Outcome update(Command command, String target) throws InterruptedException {
    try {
      ReentrantLock stripe = locks.stripe(request);
      if (!MboxLock.take(stripe, deadline)) {
        return Outcome.TROUBLE;
      }
      try (var channel = FileChannel.open(request, APPEND, mode("rw-------"))) {
        return MboxLock.fileLock(channel, deadline)
            ? change(command, "&" + target + "\n")
            : Outcome.TROUBLE;
      } finally {
        stripe.unlock();
      }
    } catch (IOException | MboxLock.TimedOut e) {
      LOG.warn("{} cannot be changed", list, e);
      return Outcome.TROUBLE;
    }
  }

  private Outcome change(Command command, String line) throws IOException {
    String old = Files.readString(list, StandardCharsets.ISO_8859_1);
    var lines = new StringBuilder();
    boolean present = false;
    int from = 0;
    // A partial last line is lost, as in qmail.
    for (int end = old.indexOf('\n') + 1; end > 0; end = old.indexOf('\n', from) + 1) {
      boolean same = end - from == line.length() && old.startsWith(line, from);
      if (!same || command == Command.SUBSCRIBE) {
        lines.append(old, from, end);
      }
      present |= same;
      from = end;
    }
    if (command == Command.SUBSCRIBE && !present) {
      lines.append(line);
    }
    replace(lines.toString());
    return switch (command) {
      case SUBSCRIBE -> present ? Outcome.PRESENT : Outcome.ADDED;
      case UNSUBSCRIBE -> present ? Outcome.REMOVED : Outcome.ABSENT;
    };
  }

  private void replace(String lines) throws IOException {
    try (var channel = FileChannel.open(temporary, REPLACE, mode("rwx------"))) {
      var bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // Only now, so that no crash leaves a temporary file that its owner cannot write to.
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("r-x------"));
    Directories.force(list.toAbsolutePath().getParent());
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
