package org.sluice.transports.smtp.internal;

/**
 * What the server said.
 *
 * @param code of the first line, computed without a check for digits; huge if that is negative
 * @param text all lines with their codes, CR removed, NUL as question mark, cut at 5000 bytes
 */
record ServerReply(int code, String text) {
  /** 5xx, and whatever is beyond. */
  boolean permanent() {
    return code >= 500;
  }

  /** 4xx and worse: not accepted. */
  boolean refused() {
    return code >= 400;
  }
}
