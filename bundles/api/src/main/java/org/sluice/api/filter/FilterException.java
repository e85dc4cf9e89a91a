package org.sluice.api.filter;

/** A filter could not decide. Treated as its {@code sluice.onFailure} says. */
public class FilterException extends Exception {
  /** With a text for the log. */
  public FilterException(String message) {
    super(message);
  }

  /** With a text for the log and a cause. */
  public FilterException(String message, Throwable cause) {
    super(message, cause);
  }
}
