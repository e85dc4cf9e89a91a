package org.sluice.base.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An account of the operating system. */
record SystemUser(int uid, int gid) {
  /** Whether this process runs as it, so that nothing needs to be changed. */
  boolean isOwn() throws IOException {
    Path process = Path.of("/proc/self");
    boolean sameGroup = Files.getAttribute(process, "unix:gid").equals(gid);
    // Only root can change its group alone.
    return Files.getAttribute(process, "unix:uid").equals(uid) && (sameGroup || uid != 0);
  }
}
