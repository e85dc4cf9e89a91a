package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.Existence;
import org.sluice.base.PathBytes;
import org.sluice.base.SystemError;

/** Owner files and variable envelope return paths (spec 40 section 7.4). */
final class Owner {
  private Owner() {}

  /** The sender of forwards, NEWSENDER. */
  static ReversePath sender(Arguments arguments) throws Refusal {
    var sender = new ReversePath(arguments.sender());
    if (sender.isNull() || sender.equals(ReversePath.DOUBLE_BOUNCE)) {
      return sender;
    }
    Path home = arguments.user().home();
    String name =
        ".qmail" + arguments.user().dash() + DotQmail.safe(arguments.user().extension()) + "-owner";
    if (!exists(home, name)) {
      return sender;
    }
    return new ReversePath(
        exists(home, name + "-default")
            ? arguments.local() + "-owner-@" + arguments.domain() + "-@[]"
            : arguments.local() + "-owner@" + arguments.domain());
  }

  private static boolean exists(Path home, String name) throws Refusal {
    try {
      Optional<Path> path = PathBytes.find(home, name);
      if (path.isEmpty() || Existence.missing(path.get())) {
        return false;
      }
      Home.mode(path.get());
      return true;
    } catch (IOException e) {
      if (SystemError.temporary(e)) {
        throw Refusal.open(name, e);
      }
      return false;
    }
  }
}
