package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.base.ProgramExit;

/**
 * The user that programs are run as, of {@code -g}, {@code -u} and {@code -U}. A JVM cannot change
 * its own user, so it is the child that does.
 */
record RunAs(int uid, int gid) {
  private static final Path PROCESS = Path.of("/proc/self");

  /** Empty for this process's own user; fails as setgid(2) and setuid(2) would. */
  static Optional<RunAs> of(ServerOptions options) throws ProgramExit, IOException {
    int uid = (Integer) Files.getAttribute(PROCESS, "unix:uid");
    int gid = (Integer) Files.getAttribute(PROCESS, "unix:gid");
    if (options.gid() != 0 && uid != 0) {
      throw ProgramExit.temporary("unable to set gid: permission denied");
    }
    if (options.uid() != 0 && uid != 0 && options.uid() != uid) {
      throw ProgramExit.temporary("unable to set uid: permission denied");
    }
    var wanted =
        new RunAs(
            options.uid() == 0 ? uid : options.uid(), options.gid() == 0 ? gid : options.gid());
    return Optional.of(wanted).filter(user -> !user.equals(new RunAs(uid, gid)));
  }
}
