package org.sluice.inject.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Ascii;
import org.sluice.base.ControlLines;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.base.Quote;

/**
 * The lists that the user reads: who follows up to a message for one of them is to answer to all
 * addressees and not to the user (spec 30 section 7.5).
 */
record MailingLists(Set<String> addresses) {
  /** Octets of the file, at most. */
  private static final int LIMIT = 4 << 20;

  /**
   * Reads the file that QMAILMFTFILE names; none if there is no such file.
   *
   * @throws ProgramExit status 111 if it cannot be read
   */
  static MailingLists read(ProgramContext context) throws ProgramExit {
    String file = context.environment().getOrDefault("QMAILMFTFILE", "");
    if (file.isEmpty()) {
      return new MailingLists(Set.of());
    }
    Set<String> addresses = new HashSet<>();
    try (InputStream in = Files.newInputStream(PathBytes.resolve(context.directory(), file))) {
      byte[] octets = in.readNBytes(LIMIT + 1);
      if (octets.length > LIMIT) {
        throw ProgramExit.temporary("QMAILMFTFILE is too long");
      }
      for (String line : ControlLines.lines(new String(octets, StandardCharsets.ISO_8859_1))) {
        addresses.add(Ascii.lower(line));
      }
    } catch (NoSuchFileException e) {
      return new MailingLists(Set.of());
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
    return new MailingLists(addresses);
  }

  /** Whether one of these is a list. */
  boolean among(List<String> addressees) {
    for (String address : addressees) {
      if (addresses.contains(Ascii.lower(address))) {
        return true;
      }
    }
    return false;
  }

  /** The field that is generated, the last addressee first. */
  static String field(List<String> addressees) {
    var out = new StringBuilder("Mail-Followup-To: ");
    for (int i = addressees.size() - 1; i >= 0; i--) {
      out.append(Quote.address(AddressField.untilNul(addressees.get(i))));
      if (i > 0) {
        out.append(",\n  ");
      }
    }
    return out.append('\n').toString();
  }
}
