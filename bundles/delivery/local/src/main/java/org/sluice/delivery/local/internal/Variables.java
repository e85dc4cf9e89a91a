package org.sluice.delivery.local.internal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.MailDate;
import org.sluice.base.Quote;

/** What qmail-local derives from its arguments (spec 40 section 8). Addresses are raw bytes. */
record Variables(Arguments arguments) {
  /** RECIPIENT. */
  String recipient() {
    return arguments.local() + "@" + arguments.domain();
  }

  /** DTLINE: no LF inside, or it would be two header lines. */
  String deliveredTo() {
    return "Delivered-To: " + recipient().replace('\n', '_') + "\n";
  }

  /** RPLINE. */
  String returnPath() {
    return "Return-Path: <" + Quote.address(arguments.sender()).replace('\n', '_') + ">\n";
  }

  /** UFLINE. */
  String fromLine(Instant now) {
    String sender = arguments.sender();
    String word =
        sender.isEmpty()
            ? "MAILER-DAEMON"
            : sender.replace(' ', '-').replace('\t', '-').replace('\n', '-');
    return "From " + word + " " + MailDate.mbox(now) + "\n";
  }

  /** All of them, over what is inherited. */
  Map<String, String> environment(
      Map<String, String> inherited, String newSender, String fromLine, Optional<String> rest) {
    var out = new HashMap<>(inherited);
    out.put("SENDER", arguments.sender());
    out.put("NEWSENDER", newSender);
    out.put("RECIPIENT", recipient());
    out.put("USER", arguments.user().name());
    out.put("HOME", arguments.home());
    out.put("LOCAL", arguments.local());
    String host = arguments.domain();
    String tail = arguments.user().extension();
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
