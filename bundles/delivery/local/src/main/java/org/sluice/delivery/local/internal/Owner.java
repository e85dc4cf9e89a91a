package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.PathBytes;
import org.sluice.base.SystemError;

/** Owner files and variable envelope return paths (spec 40 section 7.4). */
final class Owner {
  private Owner() {}

  /** The sender of forwards, NEWSENDER. */
  static ReversePath sender(Path home, String dash, Variables variables) throws Refusal {
    var sender = new ReversePath(variables.sender());
    if (sender.isNull() || sender.equals(ReversePath.DOUBLE_BOUNCE)) {
      return sender;
    }
    String name = ".qmail" + dash + DotQmail.safe(variables.ext()) + "-owner";
    if (!exists(home, name)) {
      return sender;
    }
    return new ReversePath(
        exists(home, name + "-default")
            ? variables.local() + "-owner-@" + variables.domain() + "-@[]"
            : variables.local() + "-owner@" + variables.domain());
  }

  private static boolean exists(Path home, String name) throws Refusal {
    try {
      Optional<Path> path = PathBytes.find(home, name);
      if (path.isEmpty()) {
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
