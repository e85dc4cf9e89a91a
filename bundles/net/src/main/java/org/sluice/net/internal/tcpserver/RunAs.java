package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.util.Optional;
import org.sluice.base.ProgramExit;
import org.sluice.base.program.SystemUser;

/**
 * The user that programs are run as, of {@code -g}, {@code -u} and {@code -U}. A JVM cannot change
 * its own user, so it is the child that does.
 */
final class RunAs {
  /** What setgid(2) and setuid(2) take for no account. */
  private static final int NOBODY = -1;

  private RunAs() {}

  /** Empty for this process's own user; fails as setgid(2) and setuid(2) would. */
  static Optional<SystemUser> of(ServerOptions options) throws ProgramExit, IOException {
    SystemUser own = SystemUser.own();
    if (options.gid() != 0 && !own.isRoot()) {
      throw ProgramExit.temporary("unable to set gid: permission denied");
    }
    check(options.gid(), "gid");
    check(options.uid(), "uid");
    var wanted =
        new SystemUser(
            options.uid() == 0 ? own.uid() : options.uid(),
            options.gid() == 0 ? own.gid() : options.gid());
    if (!wanted.isReachable()) {
      throw ProgramExit.temporary("unable to set uid: permission denied");
    }
    return Optional.of(wanted).filter(user -> !user.equals(own));
  }

  private static void check(int id, String kind) throws ProgramExit {
    if (id == NOBODY) {
      throw ProgramExit.temporary("unable to set " + kind + ": invalid argument");
    }
  }
}
