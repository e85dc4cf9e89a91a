package org.sluice.api.mail;

/**
 * An envelope recipient, without angle brackets. Two are equal if their addresses are: who asks for
 * a report must not slip through a filter that looks for an address in a list.
 *
 * @param address bytes as an ISO-8859-1 string, so that nothing is lost
 * @param options what the submitter asks for this recipient
 */
public record Recipient(String address, RecipientOptions options) {
  /** Refuses NUL, which no envelope can carry. */
  public Recipient {
    if (address.indexOf(0) >= 0) {
      throw new IllegalArgumentException("NUL in recipient");
    }
  }

  /** With nothing asked. */
  public Recipient(String address) {
    this(address, RecipientOptions.NONE);
  }

  /** The same with something else asked. */
  public Recipient withOptions(RecipientOptions other) {
    return new Recipient(address, other);
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipient that && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return address.hashCode();
  }
}
