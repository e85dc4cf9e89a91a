package org.sluice.base;

import java.util.Locale;
import java.util.Map;

/** Where a password may be sent without TLS. */
public enum Plaintext {
  /** From this host to itself. */
  LOOPBACK,
  /** Everywhere. */
  ALWAYS,
  /** Nowhere. */
  NEVER;

  /**
   * As configurations name it, in any case.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Plaintext of(String name) {
    return valueOf(name.strip().toUpperCase(Locale.ROOT));
  }

  /**
   * Whether a client may send one as things are.
   *
   * @param tls whether TLS has begun
   * @param environment the TCP environment (spec 20 section 2)
   */
  public boolean allowed(boolean tls, Map<String, String> environment) {
    if (tls) {
      return true;
    }
    String ip = environment.getOrDefault("TCPREMOTEIP", "");
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case LOOPBACK -> ip.startsWith("127.") || ip.equals("::1") || ip.equals("0:0:0:0:0:0:0:1");
    };
  }
}
