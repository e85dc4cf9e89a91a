package org.sluice.base;

import java.io.IOException;

/** A client's line goes on and on. */
public final class LineTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Expected from hostile clients: has no stack trace. */
  public LineTooLongException() {
    super("line of more than " + CommandReader.LONGEST + " octets");
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
