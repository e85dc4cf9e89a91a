package org.sluice.delivery.lmtp.internal;

import java.util.List;

/**
 * What the server said.
 *
 * @param code three digits
 * @param lines the texts after the code
 */
record ServerReply(int code, List<String> lines) {
  /** 500 to 504 are of the protocol, not of the mail. */
  private static final int NOT_SYNTAX = 510;

  /** Copies the list. */
  ServerReply {
    lines = List.copyOf(lines);
  }

  boolean positive() {
    return code < 300;
  }

  /** The server wants to go on. */
  boolean intermediate() {
    return code >= 300 && code < 400;
  }

  /** Trying again is pointless; what says that we do not understand each other does not count. */
  boolean permanent() {
    return code >= NOT_SYNTAX;
  }

  /** Whether a line names this capability. */
  boolean offers(String capability) {
    return lines.stream()
        .map(line -> line.split(" ", 2)[0])
        .anyMatch(word -> word.equalsIgnoreCase(capability));
  }

  /** For the report. */
  String text() {
    return code + " " + String.join(" / ", lines);
  }
}
