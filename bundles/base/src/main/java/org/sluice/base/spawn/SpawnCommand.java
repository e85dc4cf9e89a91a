package org.sluice.base.spawn;

import java.util.regex.Pattern;
import org.sluice.api.delivery.DeliveryResult;

/**
 * What qmail-send asks of a spawner (spec 10 section 7.2); strings of bytes.
 *
 * @param slot 0 to 255, which the report begins with
 * @param messageId the message's file below queue/mess
 * @param sender the envelope sender, as the delivery program is to see it
 * @param recipient the address after qmail-send's rewriting
 * @param whole false if the command was too long to be kept
 */
public record SpawnCommand(
    int slot, String messageId, String sender, String recipient, boolean whole) {
  private static final Pattern NUMERIC = Pattern.compile("(?:[0-9][0-9/]*)?");

  /** With its NUL. */
  private static final int LONGEST_ID = 100;

  /** What precedes the last at sign. */
  public String local() {
    return recipient.substring(0, recipient.lastIndexOf('@'));
  }

  /** What follows the last at sign. */
  public String host() {
    return recipient.substring(recipient.lastIndexOf('@') + 1);
  }

  /** Refuses words that are none. */
  void check() throws SpawnRefusal {
    if (!NUMERIC.matcher(messageId).matches()) {
      throw new SpawnRefusal(bad("Internal error: messid has nonnumerics. (#5.3.5)\n"));
    }
    if (messageId.length() + 1 > LONGEST_ID) {
      throw new SpawnRefusal(bad("Internal error: messid too long. (#5.3.5)\n"));
    }
    if (messageId.isEmpty()) {
      throw new SpawnRefusal(bad("Internal error: messid too short. (#5.3.5)\n"));
    }
    if (recipient.indexOf('@') < 0) {
      throw new SpawnRefusal(bad("Sorry, address must include host name. (#5.1.3)\n"));
    }
  }

  private static DeliveryResult bad(String why) {
    return new DeliveryResult.PermFail(why);
  }
}
