package org.sluice.api.mail;

/**
 * An envelope sender (RFC 5321 section 4.1.2), without angle brackets.
 *
 * @param address bytes as an ISO-8859-1 string, so that nothing is lost; empty for the null
 *     reverse-path
 */
public record ReversePath(String address) {
  /** The null reverse-path of bounces. */
  public static final ReversePath NULL = new ReversePath("");

  /** The sender of double bounces, which are never bounced again (spec 10 section 8.1). */
  public static final ReversePath DOUBLE_BOUNCE = new ReversePath("#@[]");

  /** Refuses NUL, which no envelope can carry. */
  public ReversePath {
    if (address.indexOf(0) >= 0) {
      throw new IllegalArgumentException("NUL in reverse-path");
    }
  }

  /** Whether this is the null reverse-path. */
  public boolean isNull() {
    return address.isEmpty();
  }
}
