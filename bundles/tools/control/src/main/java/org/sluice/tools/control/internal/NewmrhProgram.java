package org.sluice.tools.control.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Ascii;
import org.sluice.base.Directories;
import org.sluice.base.LineReader;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.base.SystemError;
import org.sluice.control.cdb.CdbWriter;

/** {@code qmail-newmrh}: compiles control/morercpthosts (spec 40 section 18). */
@Component(property = {Program.NAME + "=qmail-newmrh", Program.STANDALONE + ":Boolean=true"})
public final class NewmrhProgram implements Program {
  private static final String TEXT = "control/morercpthosts";
  private static final String CDB = "control/morercpthosts.cdb";
  private static final String TEMPORARY = "control/morercpthosts.tmp";
  private static final byte[] NOTHING = {};

  private final Path home;

  /** In the home directory of these control files. */
  @Activate
  public NewmrhProgram(@Reference Control control) {
    this.home = control.home();
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qmail-newmrh", this::compile);
  }

  private int compile() throws ProgramExit, IOException {
    enter();
    try (var text = open();
        var writer = create()) {
      for (var line = next(text); line.isPresent(); line = next(text)) {
        String host = LineReader.trimmed(Ascii.lower(line.get()));
        if (!host.isEmpty() && !host.startsWith("#")) {
          add(writer, host);
        }
      }
      finish(writer);
    }
    return ExitCode.OK;
  }

  private void enter() throws ProgramExit {
    try {
      Directories.enter(home);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to chdir to " + PathBytes.bytes(home), e);
    }
  }

  private LineReader open() throws ProgramExit {
    try {
      return new LineReader(Files.newInputStream(home.resolve(TEXT)));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read " + TEXT, e);
    }
  }

  private static Optional<String> next(LineReader text) throws ProgramExit {
    try {
      return text.next();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read " + TEXT, e);
    }
  }

  private CdbWriter create() throws ProgramExit {
    Path temporary = home.resolve(TEMPORARY);
    try {
      var writer = new CdbWriter(home.resolve(CDB), temporary);
      // qmail-newmrh has a umask of its own: qmail-smtpd must be able to read it.
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      return writer;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void add(CdbWriter writer, String host) throws ProgramExit {
    try {
      writer.add(host.getBytes(StandardCharsets.ISO_8859_1), NOTHING);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void finish(CdbWriter writer) throws ProgramExit {
    try {
      writer.finish();
    } catch (IOException e) {
      throw unwritable(e);
    }
    try {
      writer.move();
    } catch (IOException e) {
      // qmail leaves out the colon and the blank here.
      throw ProgramExit.temporary(
          "unable to move " + TEMPORARY + " to " + CDB + SystemError.text(e));
    }
  }

  private static ProgramExit unwritable(IOException e) {
    return ProgramExit.temporary("unable to write to " + TEMPORARY, e);
  }
}
