package org.sluice.tools.maildir.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** {@code maildirmake name} (spec 40 section 16.2). */
@Component(property = {Program.NAME + "=maildirmake", Program.STANDALONE + ":Boolean=true"})
public final class MaildirmakeProgram implements Program {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "maildirmake", () -> make(context));
  }

  private static int make(ProgramContext context) throws ProgramExit {
    if (context.arguments().isEmpty()) {
      throw ProgramExit.usage("maildirmake name");
    }
    String name = context.arguments().get(0);
    make(context, name);
    for (String folder : new String[] {"tmp", "new", "cur"}) {
      make(context, name + "/" + folder);
    }
    return ExitCode.OK;
  }

  private static void make(ProgramContext context, String name) throws ProgramExit {
    try {
      Path path = Names.resolve(context.directory(), name);
      Files.createDirectory(path, PRIVATE);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to mkdir " + name, e);
    }
  }
}
