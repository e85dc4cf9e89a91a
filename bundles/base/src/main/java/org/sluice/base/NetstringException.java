package org.sluice.base;

import java.io.IOException;
import org.sluice.api.program.ExitCode;

/** What a peer sent is no netstring, or one too long (spec 20 section 1.7). */
public final class NetstringException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private NetstringException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The peer does not speak the protocol. */
  public static NetstringException malformed(String message) {
    return new NetstringException(ExitCode.PERMANENT, message);
  }

  /** The peer wants more than there can be. */
  public static NetstringException tooLong(String message) {
    return new NetstringException(ExitCode.TEMPORARY, message);
  }

  /** The exit status that the servers have for it: 100 if malformed, 111 if too long. */
  public int status() {
    return status;
  }
}
