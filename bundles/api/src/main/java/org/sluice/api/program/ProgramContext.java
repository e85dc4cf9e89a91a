package org.sluice.api.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.queue.MailQueue;

/** What a {@link Program} may see of the world: the in-process form of exec(2)'s arguments. */
@ProviderType
public interface ProgramContext {
  /** The arguments, without the program's own name; strings of bytes (ISO-8859-1). */
  List<String> arguments();

  /** The environment; names and values are strings of bytes (ISO-8859-1). */
  Map<String, String> environment();

  /** The working directory. Relative names are resolved against it, never against the JVM's. */
  Path directory();

  /** Descriptor 0; a read fails if it is not open for reading. Unbuffered: read in blocks. */
  InputStream in();

  /**
   * Begins descriptor 0 again, as lseek(2) to 0 does: the next {@link #in()} gives its first octet.
   *
   * @throws IOException if it is not a file or a message, for example a pipe
   */
  void rewind() throws IOException;

  /** Descriptor 1; a write fails if it is not open. The program flushes what it buffers. */
  OutputStream out();

  /** Descriptor 2; each write is seen at once, or lost if it is not open. */
  OutputStream err();

  /** A numbered descriptor open for reading (0, 1, 3, ...), empty if it is closed. */
  Optional<InputStream> input(int descriptor);

  /** A numbered descriptor open for writing (1, 2, 6, ...), empty if it is closed. */
  Optional<OutputStream> output(int descriptor);

  /**
   * The queue that this program injects into: the program that QMAILQUEUE names in the environment
   * if it is set, else the server's own. Its failures carry qmail-queue's exit status.
   */
  MailQueue queue();

  /** Prepares to run another program, with this environment, directory and these descriptors. */
  Execution execution(List<String> argv);

  /** Runs another program just so; its exit status. */
  default int exec(List<String> argv) throws IOException, InterruptedException {
    return execution(argv).run();
  }

  /** The instant at which the caller gives up, empty if it waits for ever. */
  Optional<Instant> deadline();
}
