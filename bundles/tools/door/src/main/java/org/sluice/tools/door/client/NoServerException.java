package org.sluice.tools.door.client;

import java.io.IOException;

/** The server cannot be reached: nothing has been run, and nothing written. */
final class NoServerException extends IOException {
  private static final long serialVersionUID = 1L;

  NoServerException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
