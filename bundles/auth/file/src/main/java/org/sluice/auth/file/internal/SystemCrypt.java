package org.sluice.auth.file.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.api.program.ProgramHost;

/**
 * Hashes of crypt(3) that Java does not know, Debian's yescrypt for example, checked by the
 * system's own library. PAM's {@code unix_chkpwd}, which does so for {@code
 * org.sluice.auth.system}, takes no hash but that of /etc/shadow; perl takes any, with the password
 * on descriptor 0.
 */
final class SystemCrypt {
  private static final Path PERL = Path.of("/usr/bin/perl");

  /** yescrypt, its kin and bcrypt. */
  private static final Pattern KINDS = Pattern.compile("\\$(?:y|gy|7|2[abxy])\\$[!-~]+");

  /** 0 if the password is the one, 1 if not; 2 if the library does not know the kind. */
  private static final String SCRIPT =
      """
      local $/;
      binmode STDIN;
      my ($hash, $password) = split /\\0/, <STDIN>, 2;
      my $made = crypt($password, $hash);
      exit(!defined($made) || $made =~ /^\\*/ ? 2 : $made eq $hash ? 0 : 1);
      """;

  private static final int SECONDS = 30;

  private SystemCrypt() {}

  /** Whether there is something to check it with. */
  static boolean knows(String field) {
    return KINDS.matcher(field).matches() && Files.isExecutable(PERL);
  }

  /**
   * Checks a password, which takes a process.
   *
   * @throws IOException if that cannot be told now
   */
  static boolean matches(ProgramHost host, String field, String password)
      throws IOException, InterruptedException {
    if (password.indexOf('\0') >= 0) {
      return false; // the library would see only what is before it
    }
    byte[] input = (field + '\0' + password).getBytes(StandardCharsets.ISO_8859_1);
    int status =
        host.execution(List.of(PERL.toString(), "-e", SCRIPT))
            .environment(Map.of("LC_ALL", "C"))
            .input(0, new ByteArrayInputStream(input))
            .deadline(InstantSource.system().instant().plusSeconds(SECONDS))
            .run();
    if (status > 1) {
      throw new IOException("the system's crypt(3) does not check this kind of hash: " + status);
    }
    return status == 0;
  }
}
