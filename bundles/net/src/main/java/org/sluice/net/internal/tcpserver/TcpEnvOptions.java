package org.sluice.net.internal.tcpserver;

import java.util.List;
import org.sluice.base.Decimal;

/**
 * The command line of tcp-env (spec 20 section 6.1). Unlike every other program it says nothing of
 * options that it does not know.
 *
 * @param ident whether to ask for TCPREMOTEINFO
 * @param seconds for each step of that
 * @param program with its arguments; empty if there is none
 */
record TcpEnvOptions(boolean ident, int seconds, List<String> program) {
  private static final int SECONDS = 30;

  static TcpEnvOptions parse(List<String> arguments) {
    boolean ident = true;
    int seconds = SECONDS;
    int at = 0;
    while (at < arguments.size()
        && arguments.get(at).length() > 1
        && arguments.get(at).charAt(0) == '-') {
      String cluster = arguments.get(at++);
      if (cluster.equals("--")) {
        break;
      }
      for (int i = 1; i < cluster.length(); i++) {
        char letter = cluster.charAt(i);
        if (letter == 't') {
          String value = cluster.substring(i + 1);
          if (value.isEmpty() && at < arguments.size()) {
            value = arguments.get(at++);
          }
          seconds = Decimal.small(value);
          break;
        }
        ident = letter == 'r' || ident && letter != 'R';
      }
    }
    return new TcpEnvOptions(ident, seconds, List.copyOf(arguments.subList(at, arguments.size())));
  }
}
