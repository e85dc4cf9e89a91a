package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.sluice.base.Decimal;
import org.sluice.base.ProgramExit;

/** HOST and PORT of a command line (spec 20 section 5.1). */
final class Address {
  private static final Path SERVICES = Path.of("/etc/services");

  private Address() {}

  /** All digits: a number modulo 65536; else a service of tcp. */
  static int port(String text) throws ProgramExit {
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

  /** Nothing and 0 mean all IPv4 addresses; of a name's addresses the first of IPv4, if any. */
  static InetAddress host(String text) throws ProgramExit {
    try {
      boolean all = text.isEmpty() || text.equals("0");
      InetAddress[] found = InetAddress.getAllByName(all ? "0.0.0.0" : text);
      return Arrays.stream(found)
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .orElse(found[0]);
    } catch (UnknownHostException e) {
      if (String.valueOf(e.getMessage()).contains("Temporary failure")) {
        throw ProgramExit.temporary(
            "temporarily unable to figure out IP address for " + text + ": temporary failure");
      }
      throw ProgramExit.temporary("no IP address for " + text);
    }
  }
}
