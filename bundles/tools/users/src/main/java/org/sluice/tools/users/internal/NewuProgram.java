package org.sluice.tools.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Assignment;
import org.sluice.base.LineReader;
import org.sluice.base.ProgramExit;
import org.sluice.control.cdb.CdbWriter;

/** {@code qmail-newu}: compiles users/assign to users/cdb (spec 40 section 3.2). */
@Component(property = {Program.NAME + "=qmail-newu", Program.STANDALONE + ":Boolean=true"})
public final class NewuProgram implements Program {
  private static final String ASSIGN = "users/assign";
  private static final String CDB = "users/cdb";
  private static final String TEMPORARY = "users/cdb.tmp";

  private final Path home;

  /** In the home directory of these control files. */
  @Activate
  public NewuProgram(@Reference Control control) {
    this.home = control.home();
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qmail-newu", this::compile);
  }

  private int compile() throws ProgramExit, IOException {
    if (!Files.isDirectory(home)) {
      throw ProgramExit.temporary("unable to chdir");
    }
    try (var assign = open();
        var writer = create()) {
      add(assign, writer);
      finish(writer);
    }
    return ExitCode.OK;
  }

  private LineReader open() throws ProgramExit {
    try {
      return new LineReader(Files.newInputStream(home.resolve(ASSIGN)));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to open " + ASSIGN);
    }
  }

  private CdbWriter create() throws ProgramExit {
    Path temporary = home.resolve(TEMPORARY);
    try {
      var writer = new CdbWriter(home.resolve(CDB), temporary);
      // qmail-newu has a umask of its own: whoever delivers must be able to read it.
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      return writer;
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to open " + TEMPORARY);
    }
  }

  private static void add(LineReader assign, CdbWriter writer) throws ProgramExit {
    Set<Character> wildcards = new LinkedHashSet<>();
    while (true) {
      String line = next(assign);
      if (Assignment.ends(line)) {
        break;
      }
      if (!line.endsWith("\n")) {
        throw badFormat();
      }
      Assignment assignment =
          Assignment.parse(line.substring(0, line.length() - 1))
              .orElseThrow(NewuProgram::badFormat);
      add(writer, assignment.key(), assignment.data());
      assignment.wildcard().ifPresent(wildcards::add);
    }
    var last = new StringBuilder();
    wildcards.forEach(last::append);
    add(writer, "", last.toString());
  }

  private static String next(LineReader assign) throws ProgramExit {
    try {
      Optional<String> line = assign.next();
      return line.orElseThrow(NewuProgram::badFormat);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read " + ASSIGN);
    }
  }

  private static ProgramExit badFormat() {
    return ProgramExit.temporary("bad format in " + ASSIGN);
  }

  private static void add(CdbWriter writer, String key, String data) throws ProgramExit {
    try {
      writer.add(bytes(key), bytes(data));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to write " + TEMPORARY);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void finish(CdbWriter writer) throws ProgramExit {
    try {
      writer.finish();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to write " + TEMPORARY);
    }
    try {
      writer.move();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to move " + TEMPORARY + " to " + CDB);
    }
  }
}
