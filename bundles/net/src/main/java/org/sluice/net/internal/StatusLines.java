package org.sluice.net.internal;

import java.util.Map;

/** The lines of {@code tcpserver -v} (spec 20 section 5.5). Thread-safe if {@link #say} is. */
public abstract class StatusLines {
  private static final int LONGEST = 100;

  /** Puts a line, without its end, where it belongs. */
  protected abstract void say(String line);

  /** How many connections there are. */
  public void status(int connections, int limit) {
    say("tcpserver: status: " + connections + "/" + limit);
  }

  /**
   * A connection.
   *
   * @param pid its number in all its lines
   */
  public void from(long pid, String ip) {
    say("tcpserver: pid " + pid + " from " + ip);
  }

  /** What the rules say of it; {@code tcp} are the variables that tell whose it is. */
  public void verdict(boolean denied, long pid, Map<String, String> tcp) {
    say(
        "tcpserver: "
            + (denied ? "deny " : "ok ")
            + pid
            + " "
            + clean(tcp, "TCPLOCALHOST")
            + ":"
            + tcp.getOrDefault("TCPLOCALIP", "")
            + ":"
            + clean(tcp, "TCPLOCALPORT")
            + " "
            + clean(tcp, "TCPREMOTEHOST")
            + ":"
            + tcp.getOrDefault("TCPREMOTEIP", "")
            + ":"
            + clean(tcp, "TCPREMOTEINFO")
            + ":"
            + clean(tcp, "TCPREMOTEPORT"));
  }

  /**
   * The end of a connection.
   *
   * @param waitStatus as wait(2) gives it
   */
  public void end(long pid, int waitStatus) {
    say("tcpserver: end " + pid + " status " + waitStatus);
  }

  private static String clean(Map<String, String> tcp, String name) {
    return clean(tcp.getOrDefault(name, ""));
  }

  /** At most 100 octets, none of which is taken for something else in the line. */
  public static String clean(String value) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(LONGEST, value.length()); i++) {
      char c = value.charAt(i);
      text.append(c < 33 || c > 126 || c == '%' || c == ':' ? '?' : c);
    }
    return text.append(value.length() >= LONGEST ? "..." : "").toString();
  }
}
