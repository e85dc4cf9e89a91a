package org.sluice.tools.cdb.internal;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;
import org.sluice.control.cdb.Cdb;

/**
 * The database on descriptor 0. It is copied to a file first: its reader goes to and fro, which the
 * descriptors of a program cannot, and so a pipe will do as well.
 */
final class InputCdb implements Closeable {
  private final Path copy;
  private final Cdb cdb;

  private InputCdb(Path copy) throws IOException {
    this.copy = copy;
    this.cdb = Cdb.open(copy);
  }

  /** What is done with it. */
  @FunctionalInterface
  interface Use {
    /** A throw of ProgramExit is the end; one of IOException is told as trouble with the input. */
    int of(Cdb cdb, OutputStream out) throws ProgramExit, IOException;
  }

  /**
   * Reads all of it, and writes what that leaves to descriptor 1.
   *
   * @throws ProgramExit status 111 if either fails
   */
  static int use(ProgramContext context, Use use) throws ProgramExit {
    var out = new Output(context.out());
    try (var input = copy(context)) {
      int status = use.of(input.cdb, out);
      out.flush();
      return status;
    } catch (IOException e) {
      throw ProgramExit.temporary(
          out.failed ? "unable to write output" : "unable to read input", e);
    }
  }

  private static InputCdb copy(ProgramContext context) throws IOException {
    Path copy = Files.createTempFile("cdb", ".tmp");
    try {
      Files.copy(context.in(), copy, StandardCopyOption.REPLACE_EXISTING);
      return new InputCdb(copy);
    } catch (IOException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    cdb.close();
    Files.deleteIfExists(copy);
  }

  /** Knows whose trouble it was. */
  private static final class Output extends BufferedOutputStream {
    private boolean failed;

    Output(OutputStream out) {
      super(out, 65_536);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      failed = true;
      super.write(bytes, offset, length);
      failed = false;
    }

    @Override
    public synchronized void flush() throws IOException {
      failed = true;
      super.flush();
      failed = false;
    }
  }
}
