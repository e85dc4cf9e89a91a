package org.sluice.tools.control.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;

/** {@code qmail-showctl}: describes the control files (spec 40 section 19). */
@Component(property = {Program.NAME + "=qmail-showctl", Program.STANDALONE + ":Boolean=true"})
public final class ShowctlProgram implements Program {
  private static final Set<String> KNOWN =
      Entry.ALL.stream().map(Entry::name).collect(Collectors.toUnmodifiableSet());

  private final Control control;
  private final Path passwd;
  private final Path group;

  /** With the system's accounts. */
  @Activate
  public ShowctlProgram(@Reference Control control) {
    this(control, Path.of("/etc/passwd"), Path.of("/etc/group"));
  }

  ShowctlProgram(Control control, Path passwd, Path group) {
    this.control = control;
    this.passwd = passwd;
    this.group = group;
  }

  /** Something without which there is no description. */
  private static final class Oops extends Exception {
    private static final long serialVersionUID = 1L;

    Oops(String text) {
      super("Oops! " + text);
    }
  }

  @Override
  public int run(ProgramContext context) throws IOException {
    var out = new StringBuilder();
    int status = ExitCode.OK;
    try {
      describe(out);
    } catch (Oops e) {
      out.append(e.getMessage());
      status = ExitCode.TEMPORARY;
    }
    context.out().write(out.toString().getBytes(StandardCharsets.ISO_8859_1));
    context.out().flush();
    return status;
  }

  private void describe(StringBuilder out) throws IOException, Oops {
    Path home = control.home();
    String name = PathBytes.bytes(home);
    boolean there = Files.isDirectory(home);
    out.append("qmail home directory: ").append(name).append(".\n");
    out.append("user-ext delimiter: -.\n");
    out.append("paternalism (in decimal): 2.\n");
    out.append("silent concurrency limit: 120.\n");
    out.append("subdirectory split: 23.\n");
    out.append("user ids: ")
        .append(
            new Ids(passwd, there ? owner(home, "unix:uid") : 0)
                .of("alias", "qmaild", "qmaill", "root", "qmailp", "qmailq", "qmailr", "qmails"))
        .append(".\n");
    out.append("group ids: ")
        .append(new Ids(group, there ? owner(home, "unix:gid") : 0).of("nofiles", "qmail"))
        .append(".\n");
    if (!there) {
      throw new Oops("Unable to chdir to " + name + ".\n");
    }
    Path directory = home.resolve("control");
    if (!Files.isDirectory(directory)) {
      throw new Oops("Unable to chdir to control.\n");
    }
    var unknown = unknown(directory);
    var description = new Description(control, me());
    for (Entry entry : Entry.ALL) {
      out.append('\n').append(entry.name()).append(": ").append(description.of(entry));
    }
    out.append(unknown);
  }

  private static int owner(Path home, String attribute) throws IOException {
    return (Integer) Files.getAttribute(home, attribute);
  }

  private Optional<String> me() throws Oops {
    try {
      return control.line("me");
    } catch (IOException e) {
      throw new Oops("Trouble reading control/me.");
    }
  }

  private static StringBuilder unknown(Path directory) throws IOException, Oops {
    var out = new StringBuilder();
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = PathBytes.bytes(file.getFileName());
        if (!KNOWN.contains(name)) {
          out.append('\n').append(name).append(": I have no idea what this file does.\n");
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (IOException e) {
      throw new Oops("Unable to open current directory.\n");
    }
    return out;
  }
}
