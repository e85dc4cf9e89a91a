package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.base.Ascii;
import org.sluice.base.PathBytes;
import org.sluice.base.SystemError;

/** qmail-getpw's rules (spec 40 section 4): who of the system's accounts controls an address. */
final class GetPw {
  /** Names are shorter than this. */
  private static final int LIMIT = 32;

  private static final char BREAK = '-';
  private static final String ALIAS = "alias";

  private final Passwd passwd;
  private final Path home;

  /**
   * The rules for an installation.
   *
   * @param home its home directory, whose alias/ belongs to the alias user
   */
  GetPw(Passwd passwd, Path home) {
    this.passwd = passwd;
    this.home = home;
  }

  /** The account of the longest part that is one; else the alias user. */
  Fields find(String local) throws UserLookupException, InterruptedException {
    try {
      for (int end = local.length(); end >= 0; end--) {
        boolean whole = end == local.length();
        if (end < LIMIT && (whole || local.charAt(end) == BREAK)) {
          Optional<Passwd.Account> account = passwd.find(Ascii.lower(local.substring(0, end)));
          if (account.isPresent() && controls(account.get())) {
            return whole
                ? fields(account.get(), "", "")
                : fields(account.get(), "-", local.substring(end + 1));
          }
        }
      }
      return alias(local);
    } catch (UserLookupException e) {
      throw e;
    } catch (IOException e) {
      throw new UserLookupException(
          UserLookupException.SYSTEM, "the system's accounts cannot be read", e);
    }
  }

  private static Fields fields(Passwd.Account account, String dash, String ext) {
    return new Fields(account.name(), account.uid(), account.gid(), account.home(), dash, ext);
  }

  /** Not root, and the owner of its home. */
  private static boolean controls(Passwd.Account account) throws UserLookupException {
    if (account.uid() == 0 || !account.home().startsWith("/")) {
      return false;
    }
    try {
      Optional<Path> directory = PathBytes.find(Path.of("/"), account.home());
      return directory.isPresent()
          && Integer.toUnsignedLong((Integer) Files.getAttribute(directory.get(), "unix:uid"))
              == account.uid();
    } catch (IOException e) {
      if (SystemError.temporary(e)) {
        throw new UserLookupException(
            UserLookupException.HOME, "home of " + account.name() + ": " + e.getMessage(), e);
      }
      return false;
    }
  }

  /** The directory alias/ of this installation if it has one, else the system's account. */
  private Fields alias(String local) throws IOException, InterruptedException {
    Path directory = home.resolve(ALIAS);
    if (Files.isDirectory(directory)) {
      int uid = (Integer) Files.getAttribute(directory, "unix:uid");
      int gid = (Integer) Files.getAttribute(directory, "unix:gid");
      return new Fields(
          ALIAS,
          Integer.toUnsignedLong(uid),
          Integer.toUnsignedLong(gid),
          PathBytes.bytes(directory),
          "-",
          local);
    }
    Optional<Passwd.Account> account = passwd.find(ALIAS);
    if (account.isEmpty()) {
      throw new UserLookupException(
          UserLookupException.NO_ALIAS, "neither " + directory + " nor an account alias", null);
    }
    return fields(account.get(), "-", local);
  }
}
