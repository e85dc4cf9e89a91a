package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.sluice.sasl.Scram;

/**
 * For bin/sluice, before there is a framework: a password on stdin, a password file's field out.
 */
public final class HashPassword {
  private HashPassword() {}

  /** Reads all of stdin; a line end after the password does not count. */
  public static void main(String[] arguments) throws IOException {
    var text = new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1);
    String password = text.replaceFirst("\r?\n$", "");
    if (password.isEmpty() || password.indexOf('\n') >= 0 || password.indexOf(0) >= 0) {
      throw new IOException("one line with a password is expected on standard input");
    }
    byte[] salt = new byte[Scram.SALT];
    new SecureRandom().nextBytes(salt);
    byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
    System.out.println(Scram.text(Scram.keys("SHA-256", bytes, salt, Scram.ITERATIONS)));
  }
}
