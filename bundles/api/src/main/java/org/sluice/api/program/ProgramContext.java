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

/** What a {@link Program} may see of the world: the in-process form of exec(2)'s arguments. */
@ProviderType
public interface ProgramContext {
  /** The arguments, without the program's own name; strings of bytes (ISO-8859-1). */
  List<String> arguments();

  /** The environment; names and values are strings of bytes (ISO-8859-1). */
  Map<String, String> environment();

  /** The working directory. */
  Path directory();

  /** Descriptor 0. */
  InputStream in();

  /** Descriptor 1. The program flushes what it buffers. */
  OutputStream out();

  /** Descriptor 2. */
  OutputStream err();

  /** A numbered descriptor open for reading (0, 1, 3, ...), empty if it is closed. */
  Optional<InputStream> input(int descriptor);

  /** A numbered descriptor open for writing (1, 2, 6, ...), empty if it is closed. */
  Optional<OutputStream> output(int descriptor);

  /** Runs another program with these streams: the registered one, else the system's; its status. */
  int exec(List<String> argv) throws IOException, InterruptedException;

  /** The instant at which the caller gives up, empty if it waits for ever. */
  Optional<Instant> deadline();
}
