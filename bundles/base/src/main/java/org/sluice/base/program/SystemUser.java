package org.sluice.base.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user of the operating system, in one group. */
public record SystemUser(int uid, int gid) {
  private static final Path PROCESS = Path.of("/proc/self");

  /** Whom this process runs as. */
  public static SystemUser own() throws IOException {
    return new SystemUser(
        (Integer) Files.getAttribute(PROCESS, "unix:uid"),
        (Integer) Files.getAttribute(PROCESS, "unix:gid"));
  }

  /** Whether it may do everything. */
  public boolean isRoot() {
    return uid == 0;
  }

  /** Whether this process runs as it, so that nothing needs to be changed. */
  public boolean isOwn() throws IOException {
    SystemUser own = own();
    return own.uid == uid && (own.gid == gid || !own.isRoot()); // root alone can change its group
  }

  /** Whether this process can run a program as it. */
  public boolean isReachable() throws IOException {
    return isOwn() || own().isRoot();
  }
}
