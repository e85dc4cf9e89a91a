package org.sluice.admin.tcpto.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Directories;
import org.sluice.base.IpText;
import org.sluice.base.MboxLock;
import org.sluice.base.ProgramExit;
import org.sluice.base.TimeoutTable;

/** {@code qmail-tcpto}: prints the addresses that lately timed out (spec 10 section 17.3). */
@Component(property = {Program.NAME + "=qmail-tcpto", Program.STANDALONE + ":Boolean=true"})
public final class TcptoProgram implements Program {
  private static final TableFailure FAILURE =
      new TableFailure("unable to open tcpto", "unable to lock tcpto");

  private final Path home;
  private final InstantSource clock;

  /** In the home directory of these control files. */
  @Activate
  public TcptoProgram(@Reference Control control) {
    this(control, InstantSource.system());
  }

  TcptoProgram(Control control, InstantSource clock) {
    this.home = control.home();
    this.clock = clock;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    String text;
    int status;
    try {
      text = lines(entries(MboxLock.deadline(context)));
      status = ExitCode.OK;
    } catch (ProgramExit e) { // on descriptor 1, and without the program's name
      text = e.getMessage() + "\n";
      status = e.status();
    }
    context.out().write(text.getBytes(StandardCharsets.ISO_8859_1));
    context.out().flush();
    return status;
  }

  private List<TimeoutTable.Entry> entries(long deadline) throws ProgramExit, InterruptedException {
    try {
      Directories.enter(home);
      Directories.enter(home.resolve(TimeoutTable.FILE).getParent());
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to chdir", e);
    }
    try (var table = FAILURE.orLocked(() -> TimeoutTable.open(home, deadline))) {
      return table.read();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read tcpto", e);
    }
  }

  private String lines(List<TimeoutTable.Entry> entries) {
    long now = clock.instant().getEpochSecond();
    var text = new StringBuilder();
    for (TimeoutTable.Entry entry : entries) {
      if (entry.count() >= 1) {
        text.append(IpText.of(entry.address()))
            .append(" timed out ")
            .append(Long.toUnsignedString(now - entry.time()))
            .append(" seconds ago; # recent timeouts: ")
            .append(entry.count())
            .append('\n');
      }
    }
    return text.toString();
  }
}
