package org.sluice.inject.internal;

import java.util.Map;

/** The letters of QMAILINJECT (spec 30 section 5.2). */
record Letters(String set) {
  static Letters of(Map<String, String> environment) {
    return new Letters(environment.getOrDefault("QMAILINJECT", ""));
  }

  private boolean has(char letter) {
    return set.indexOf(letter) >= 0;
  }

  /** The name in the generated From is a comment. */
  boolean nameAsComment() {
    return has('c');
  }

  /** Each recipient gets a sender of its own. */
  boolean recipientSenders() {
    return has('r');
  }

  /** Each message gets a sender of its own. */
  boolean messageSender() {
    return has('m');
  }

  /** Whether a field of the message counts as absent. */
  boolean drops(FieldType type) {
    return switch (type) {
      case RETURN_PATH -> has('s');
      case FROM -> has('f');
      case MESSAGE_ID -> has('i');
      default -> false;
    };
  }
}
