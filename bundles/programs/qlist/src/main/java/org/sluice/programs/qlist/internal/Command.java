package org.sluice.programs.qlist.internal;

import java.util.Optional;
import org.sluice.base.Ascii;

/** What a letter may ask for. */
enum Command {
  SUBSCRIBE,
  UNSUBSCRIBE;

  /** The command that a line or a Subject begins with: four letters are looked at. */
  static Optional<Command> at(String line) {
    if (Ascii.startsWith(line, "subs")) {
      return Optional.of(SUBSCRIBE);
    }
    return Ascii.startsWith(line, "unsu") ? Optional.of(UNSUBSCRIBE) : Optional.empty();
  }
}
