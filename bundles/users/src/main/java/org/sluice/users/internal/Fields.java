package org.sluice.users.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.base.PathBytes;

/** The six fields that qmail-lspawn gets (spec 40 section 2.2); strings of bytes. */
record Fields(String user, long uid, long gid, String home, String dash, String ext) {
  private static final int COUNT = 6;

  /** qmail-lspawn's status for a record that lacks fields. */
  private static final int BUG = 112;

  /** From the data of users/cdb. */
  static Fields parse(String data) throws UserLookupException {
    String[] fields = data.split("\0", -1);
    if (fields.length < COUNT) {
      throw new UserLookupException(BUG, "an assignment has too few fields: " + data, null);
    }
    return new Fields(
        fields[0], number(fields[1]), number(fields[2]), fields[3], fields[4], fields[5]);
  }

  /** A decimal number in front; 0 if there is none, which is root and refused. */
  static long number(String text) {
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = (value * 10 + digit) & 0xffffffffL;
    }
    return value;
  }

  /** As the delivery wants it. */
  LocalUser localUser() throws UserLookupException {
    try {
      Path directory =
          PathBytes.find(Path.of("/"), home)
              .orElseThrow(() -> new IOException("the home cannot be named by this JVM: " + home));
      return new LocalUser(user, (int) uid, (int) gid, directory, dash, ext);
    } catch (IOException e) {
      throw new UserLookupException(UserLookupException.HOME, "home of " + user, e);
    }
  }
}
