package org.sluice.filters.dkim.internal;

/** A signature that is not good: the word of RFC 8601 section 2.7.1, and the reason for people. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final String result;

  Failure(String result, String why) {
    super(why, null, false, false);
    this.result = result;
  }

  /** The word: fail, policy, neutral, temperror or permerror. */
  String result() {
    return result;
  }
}
