package org.sluice.base.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A user of the operating system, in one group.
 *
 * @param uid 32 bits without a sign
 * @param gid likewise
 */
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

  /**
   * The words in front of a program that root runs as it. As qmail's prot_gid and prot_uid do it:
   * the supplementary groups are the group alone. Nothing forbids new rights (no_new_privs): what
   * an operator runs may live by its set-uid bit, as the qmail-queue of a real qmail, postdrop,
   * procmail and sudo do.
   */
  List<String> become() {
    String user = Integer.toUnsignedString(uid);
    String group = Integer.toUnsignedString(gid);
    return List.of(
        SystemCommand.of("setpriv"),
        "--reuid=" + user,
        "--regid=" + group,
        "--groups=" + group,
        "--");
  }
}
