package org.sluice.transports.smtp.internal;

import java.util.HashSet;
import java.util.Set;
import org.sluice.base.Ascii;

/**
 * What a server has said to EHLO that it can do.
 *
 * @param keywords in upper case
 */
record Extensions(Set<String> keywords) {
  /** Of a server that was greeted with HELO. */
  static final Extensions NONE = new Extensions(Set.of());

  /** From the lines after the first one (RFC 5321 section 4.1.1.1). */
  static Extensions of(ServerReply reply) {
    var keywords = new HashSet<String>();
    String[] lines = reply.text().split("\n");
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].length() > 4) {
        keywords.add(Ascii.upper(lines[i].substring(4).split(" ", 2)[0]));
      }
    }
    return new Extensions(Set.copyOf(keywords));
  }

  boolean offers(String keyword) {
    return keywords.contains(keyword);
  }
}
