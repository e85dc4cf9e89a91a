package org.sluice.api.auth;

import java.nio.file.Path;
import java.util.Map;

/**
 * Who has logged in, as checkpassword hands it to its subprogram (spec 20 section 11).
 *
 * @param user account name: USER
 * @param uid its user id
 * @param gid its group id
 * @param home its home directory: HOME, and the working directory
 * @param environment further variables, for example SHELL
 */
public record Identity(String user, int uid, int gid, Path home, Map<String, String> environment) {
  /** Copies the map. */
  public Identity {
    environment = Map.copyOf(environment);
  }
}
