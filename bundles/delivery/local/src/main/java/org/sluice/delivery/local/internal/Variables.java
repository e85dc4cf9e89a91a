package org.sluice.delivery.local.internal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Quote;

/**
 * What qmail-local derives from its arguments (spec 40 section 8). Addresses are raw bytes.
 *
 * @param user account name
 * @param home as text
 * @param local recipient up to its last at sign
 * @param domain recipient after it
 * @param ext extension
 * @param sender envelope sender
 */
record Variables(String user, String home, String local, String domain, String ext, String sender) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** RECIPIENT. */
  String recipient() {
    return local + "@" + domain;
  }

  /** DTLINE: no LF inside, or it would be two header lines. */
  String deliveredTo() {
    return "Delivered-To: " + recipient().replace('\n', '_') + "\n";
  }

  /** RPLINE. */
  String returnPath() {
    return "Return-Path: <" + Quote.address(sender).replace('\n', '_') + ">\n";
  }

  /** UFLINE. */
  String fromLine(Instant now) {
    String word =
        sender.isEmpty()
            ? "MAILER-DAEMON"
            : sender.replace(' ', '-').replace('\t', '-').replace('\n', '-');
    return "From " + word + " " + DATE.format(now) + "\n";
  }

  /** All of them. */
  Map<String, String> environment(String newSender, String fromLine, Optional<String> rest) {
    var out = new HashMap<String, String>();
    out.put("SENDER", sender);
    out.put("NEWSENDER", newSender);
    out.put("RECIPIENT", recipient());
    out.put("USER", user);
    out.put("HOME", home);
    out.put("LOCAL", local);
    String host = domain;
    String tail = ext;
    for (String number : new String[] {"", "2", "3", "4"}) {
      out.put("HOST" + number, host);
      out.put("EXT" + number, tail);
      int dot = host.lastIndexOf('.');
      host = dot < 0 ? host : host.substring(0, dot);
      int dash = tail.indexOf('-');
      tail = dash < 0 ? "" : tail.substring(dash + 1);
    }
    rest.ifPresent(value -> out.put("DEFAULT", value));
    out.put("DTLINE", deliveredTo());
    out.put("RPLINE", returnPath());
    out.put("UFLINE", fromLine);
    return out;
  }
}
