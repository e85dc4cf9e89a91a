package org.sluice.plugins.internal;

import java.io.IOException;

/** A file is no complete bundle; the message says why, to be read after the file's name. */
final class UnusableException extends IOException {
  private static final long serialVersionUID = 1;

  UnusableException(String why) {
    super(why);
  }
}
