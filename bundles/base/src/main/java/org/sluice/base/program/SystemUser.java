package org.sluice.base.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An account of the operating system. */
record SystemUser(String name, int uid, int gid) {
  /** Whether this process runs as it, so that nothing needs to be changed. */
  boolean isOwn() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(uid);
  }
}
