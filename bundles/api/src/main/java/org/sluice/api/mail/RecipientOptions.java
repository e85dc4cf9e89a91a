package org.sluice.api.mail;

import java.util.Optional;
import java.util.Set;

/**
 * What a submitter has asked for one recipient.
 *
 * @param notifyOn the parameter NOTIFY (RFC 3461 section 4.1); empty if there was none
 * @param originalRecipient the parameter ORCPT (RFC 3461 section 4.2) as it came: the type of the
 *     address, a semicolon, and the address in xtext, or as RFC 6533 section 3 has it in ASCII
 */
public record RecipientOptions(Set<Notify> notifyOn, Optional<String> originalRecipient) {
  /** Nothing is asked. */
  public static final RecipientOptions NONE = new RecipientOptions(Set.of(), Optional.empty());

  /** Copies the set; refuses NEVER beside others, and what would break an SMTP command. */
  public RecipientOptions {
    notifyOn = Set.copyOf(notifyOn);
    if (notifyOn.size() > 1 && notifyOn.contains(Notify.NEVER)) {
      throw new IllegalArgumentException("NEVER beside others: " + notifyOn);
    }
    originalRecipient.ifPresent(RecipientOptions::check);
  }

  static void check(String value) {
    if (value.isEmpty() || value.chars().anyMatch(c -> c < '!' || c > '~')) {
      throw new IllegalArgumentException("not printable ASCII: " + value);
    }
  }

  /** Whether anything is asked. */
  public boolean asked() {
    return !notifyOn.isEmpty() || originalRecipient.isPresent();
  }

  /** Whether the sender is to be told of a failure: so if nothing else is said. */
  public boolean tellsFailure() {
    return notifyOn.isEmpty() || notifyOn.contains(Notify.FAILURE);
  }

  /** Whether the sender is to be told of success. */
  public boolean tellsSuccess() {
    return notifyOn.contains(Notify.SUCCESS);
  }
}
