package org.sluice.api.mail;

/**
 * An envelope recipient, without angle brackets.
 *
 * @param address bytes as an ISO-8859-1 string, so that nothing is lost
 */
public record Recipient(String address) {
  /** Refuses NUL, which no envelope can carry. */
  public Recipient {
    if (address.indexOf(0) >= 0) {
      throw new IllegalArgumentException("NUL in recipient");
    }
  }

  /** What precedes the last at sign; the whole address if there is none. */
  public String local() {
    int at = address.lastIndexOf('@');
    return at < 0 ? address : address.substring(0, at);
  }

  /** What follows the last at sign; empty if there is none. */
  public String domain() {
    int at = address.lastIndexOf('@');
    return at < 0 ? "" : address.substring(at + 1);
  }
}
