package org.sluice.api.delivery;

import java.nio.file.Path;

/**
 * Who controls a local address (spec 40 sections 2 and 3).
 *
 * @param name the account
 * @param uid its user id
 * @param gid its group id
 * @param home its home directory
 * @param dash {@code -} or empty
 * @param extension what follows the dash, case kept
 */
public record LocalUser(String name, int uid, int gid, Path home, String dash, String extension) {}
