package org.sluice.transports.smtp.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Ascii;

/**
 * What a server has said to EHLO that it can do.
 *
 * @param keywords in upper case, with what follows each
 */
record Extensions(Map<String, String> keywords) {
  /** Of a server that was greeted with HELO. */
  static final Extensions NONE = new Extensions(Map.of());

  /** From the lines after the first one (RFC 5321 section 4.1.1.1). */
  static Extensions of(ServerReply reply) {
    var keywords = new HashMap<String, String>();
    String[] lines = reply.text().split("\n");
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].length() > 4) {
        String[] parts = lines[i].substring(4).split(" ", 2);
        keywords.put(Ascii.upper(parts[0]), parts.length > 1 ? parts[1].strip() : "");
      }
    }
    return new Extensions(Map.copyOf(keywords));
  }

  boolean offers(String keyword) {
    return keywords.containsKey(keyword);
  }

  /** What follows a keyword, perhaps nothing; empty if the server does not offer it. */
  Optional<String> parameter(String keyword) {
    return Optional.ofNullable(keywords.get(keyword));
  }
}
