package org.sluice.auth.file.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.sasl.Scram;

/**
 * {@code sluice-hash}: reads a password from descriptor 0 and writes the field for {@code
 * users/passwords} that all mechanisms but APOP and CRAM-MD5 can check.
 */
@Component(property = {Program.NAME + "=sluice-hash", Program.STANDALONE + "=true"})
public final class HashProgram implements Program {
  private static final int LONGEST = 512;

  @Override
  public int run(ProgramContext context) throws IOException {
    byte[] input = context.in().readNBytes(LONGEST + 1);
    int length =
        input.length > 0 && input[input.length - 1] == '\n' ? input.length - 1 : input.length;
    var password = new String(input, 0, length, StandardCharsets.ISO_8859_1);
    if (length == 0 || length >= LONGEST || password.matches("(?s).*[\0\r\n].*")) {
      String text = "sluice-hash: one line with a password is expected on standard input\n";
      context.err().write(text.getBytes(StandardCharsets.US_ASCII));
      return ExitCode.PERMANENT;
    }
    byte[] salt = new byte[Scram.SALT];
    new SecureRandom().nextBytes(salt);
    byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
    String field = Scram.text(Scram.keys("SHA-256", bytes, salt, Scram.ITERATIONS)) + "\n";
    context.out().write(field.getBytes(StandardCharsets.US_ASCII));
    context.out().flush();
    return ExitCode.OK;
  }
}
