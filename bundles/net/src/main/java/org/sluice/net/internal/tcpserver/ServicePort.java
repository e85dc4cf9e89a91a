package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.sluice.base.Decimal;
import org.sluice.base.ProgramExit;

/** PORT of a command line (spec 20 section 5.1). */
final class ServicePort {
  private static final Path SERVICES = Path.of("/etc/services");

  private ServicePort() {}

  /** All digits: a number modulo 65536; else a service of tcp. */
  static int of(String text) throws ProgramExit {
    if (Decimal.digits(text) == text.length()) {
      return (int) (Decimal.leading(text) & 0xffff);
    }
    try (var lines = Files.lines(SERVICES, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[1].endsWith("/tcp"))
          .filter(words -> names(words).contains(text))
          .map(words -> (int) (Decimal.leading(words[1]) & 0xffff))
          .findFirst()
          .orElseThrow(() -> unknownPort(text));
    } catch (IOException e) {
      throw unknownPort(text);
    }
  }

  /** The service's name and its aliases. */
  private static List<String> names(String[] words) {
    String[] names = words.clone();
    names[1] = words[0];
    return Arrays.asList(names);
  }

  private static ProgramExit unknownPort(String text) {
    return ProgramExit.temporary("unable to figure out port number for " + text);
  }
}
