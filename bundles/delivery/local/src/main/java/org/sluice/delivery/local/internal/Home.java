package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.SystemError;

/** The checks of a home directory (spec 40 section 6.3, steps 2 and 3). */
final class Home {
  static final int TYPE = 0170000;
  static final int DIRECTORY = 0040000;
  static final int REGULAR = 0100000;

  /** Mode bits that neither a home nor a .qmail file may have. */
  static final int PATERNALISM = 0002;

  private static final int STICKY = 01000;

  private Home() {}

  /** Refuses homes that are missing, writable by others, or being edited. */
  static void check(Arguments arguments, Printer printer) throws Refusal, IOException {
    Path home = arguments.user().home();
    int mode;
    try {
      mode = mode(home);
    } catch (IOException e) {
      throw unreachable(arguments.home(), SystemError.text(e));
    }
    if ((mode & TYPE) != DIRECTORY) {
      throw unreachable(arguments.home(), "not a directory");
    }
    if (!Files.isExecutable(home)) {
      throw unreachable(arguments.home(), "access denied");
    }
    if ((mode & PATERNALISM) != 0) {
      throw Refusal.temporary("Uh-oh: home directory is writable. (#4.7.0)");
    }
    if ((mode & STICKY) != 0) {
      if (!arguments.dry()) {
        throw Refusal.temporary(
            "Home directory is sticky: user is editing his .qmail file. (#4.2.1)");
      }
      printer.complain("Warning: home directory is sticky.\n");
    }
  }

  /** stat(2)'s mode, links followed. */
  static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode");
  }

  /** It cannot be entered. */
  static Refusal unreachable(String home, String error) {
    return Refusal.temporary("Unable to switch to " + home + ": " + error + ". (#4.3.0)");
  }
}
