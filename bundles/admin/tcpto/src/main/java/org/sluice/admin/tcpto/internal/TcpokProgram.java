package org.sluice.admin.tcpto.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Directories;
import org.sluice.base.MboxLock;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.base.TimeoutTable;

/** {@code qmail-tcpok}: forgets all timeouts (spec 10 section 17.4). */
@Component(property = {Program.NAME + "=qmail-tcpok", Program.STANDALONE + ":Boolean=true"})
public final class TcpokProgram implements Program {
  private final Path home;

  /** In the home directory of these control files. */
  @Activate
  public TcpokProgram(@Reference Control control) {
    this.home = control.home();
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qmail-tcpok", () -> clear(MboxLock.deadline(context)));
  }

  private int clear(long deadline) throws ProgramExit, InterruptedException {
    Path file = home.resolve(TimeoutTable.FILE);
    enter(home);
    enter(file.getParent());
    String name = PathBytes.bytes(file);
    var failure = new TableFailure("unable to write " + name, "unable to lock " + name);
    try (var table = failure.orLocked(() -> TimeoutTable.openToClear(home, deadline))) {
      table.clear();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to clear " + name, e);
    }
    return ExitCode.OK;
  }

  private static void enter(Path directory) throws ProgramExit {
    try {
      Directories.enter(directory);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to chdir to " + PathBytes.bytes(directory), e);
    }
  }
}
