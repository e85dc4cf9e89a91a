package org.sluice.tools.users.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.base.ProgramExit;

/** Lines of users/assign on their way to descriptor 1. */
final class AssignOutput {
  private final Settings settings;
  private final OutputStream out;

  AssignOutput(Settings settings, OutputStream out) {
    this.settings = settings;
    this.out = new BufferedOutputStream(out);
  }

  /** All that nobody else has is the alias user's. */
  void alias(Account account) throws ProgramExit {
    write("+" + account.fields() + settings.dash() + "::\n");
  }

  /** An address of an account, and its extensions. */
  void address(String name, Account account) throws ProgramExit {
    write("=" + name + account.fields() + "::\n");
    if (!settings.separator().isEmpty()) {
      String prefix = "+" + name + settings.separator();
      write(prefix + account.fields() + settings.dash() + "::\n");
    }
  }

  /** An address that is an extension of an account's. */
  void subuser(String name, Account account, String extension) throws ProgramExit {
    String middle = account.fields() + settings.dash() + ":" + extension;
    write("=" + name + middle + ":\n");
    if (!settings.separator().isEmpty()) {
      write("+" + name + settings.separator() + middle + "-:\n");
    }
  }

  void write(String text) throws ProgramExit {
    try {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw failure();
    }
  }

  void flush() throws ProgramExit {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure();
    }
  }

  private static ProgramExit failure() {
    return ProgramExit.temporary("unable to write output");
  }
}
