package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The listener's dialogue with the whole input at hand: what it must answer and queue. */
final class PlainDialogue {
  /** A chunk of a message: its length, and whether it is the last. */
  static final Pattern CHUNK = Pattern.compile("(?i:bdat) ([0-9]{1,9})( +(?i:last))? *");

  private static final OwnAddresses NO_NAME = new OwnAddresses(Optional.empty());
  private static final Pattern HOP = Pattern.compile("(?i:received|delivered)");
  private static final Pattern BARE_LF = Pattern.compile("(?<!\r)\n");
  private static final int HOPS = 100;

  /** Code and separator of each line that is said. */
  final List<String> replies = new ArrayList<>();

  /** Envelope and text of each message. */
  final List<String> queued = new ArrayList<>();

  private final String text;
  private int at;
  private boolean over;
  private Optional<String> sender = Optional.empty();
  private final StringBuilder recipients = new StringBuilder();
  private Optional<String> chunks = Optional.empty();

  PlainDialogue(String text) {
    this.text = text;
  }

  void run() {
    say("220 ");
    while (!over) {
      int lf = text.indexOf('\n', at);
      if (lf < 0) {
        return;
      }
      String line = text.substring(at, lf);
      at = lf + 1;
      command(
          (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).split("\0", 2)[0]);
    }
  }

  private void say(String... lines) {
    replies.addAll(List.of(lines));
  }

  private void clear() {
    sender = Optional.empty();
    recipients.setLength(0);
    chunks = Optional.empty();
  }

  private void command(String line) {
    String verb = line.replaceFirst("(?s) .*", "");
    String argument = line.substring(verb.length()).replaceFirst("^ +", "");
    switch (verb.toUpperCase(java.util.Locale.ROOT)) {
      case "HELO" -> {
        clear();
        say("250 ");
      }
      case "EHLO" -> {
        clear();
        say("250-", "250-", "250 ");
      }
      case "MAIL" -> mail(argument);
      case "RCPT" -> rcpt(argument);
      case "RSET" -> {
        clear();
        say("250 ");
      }
      case "DATA" -> {
        if (ready()) {
          say("354 ");
          data();
        }
      }
      case "QUIT" -> {
        say("221 ");
        over = true;
      }
      case "NOOP" -> say("250 ");
      case "HELP" -> say("214 ");
      case "VRFY" -> say("252 ");
      default -> other(verb + " " + argument);
    }
  }

  private void mail(String argument) {
    var path = AddressParser.parse(argument, NO_NAME);
    if (path.isPresent()) {
      clear();
      sender = Optional.of(path.get().address());
    }
    say(path.isPresent() ? "250 " : "555 ");
  }

  private void rcpt(String argument) {
    if (sender.isEmpty()) {
      say("503 ");
      return;
    }
    var path = AddressParser.parse(argument, NO_NAME);
    path.ifPresent(p -> recipients.append('T').append(p.address()).append('\0'));
    say(path.isPresent() ? "250 " : "555 ");
  }

  private boolean ready() {
    boolean ready = sender.isPresent() && recipients.length() > 0;
    if (!ready) {
      say("503 ");
    }
    return ready;
  }

  /** Line by line: only CR LF ends one, and a bare LF ends the session. */
  private void data() {
    var message = new StringBuilder();
    while (true) {
      int lf = text.indexOf('\n', at);
      if (lf < 0) {
        // A bare LF would have been found; the client is gone.
        over = true;
        return;
      }
      if (lf == at || text.charAt(lf - 1) != '\r') {
        say("451 ");
        over = true;
        return;
      }
      String line = text.substring(at, lf - 1);
      at = lf + 1;
      if (line.equals(".")) {
        queue(message.toString());
        clear();
        return;
      }
      // As qmail-smtpd: a dot in front of a CR that ends no line stays.
      boolean stuffed = line.startsWith(".") && !line.startsWith(".\r");
      message.append(stuffed ? line.substring(1) : line).append('\n');
    }
  }

  private void queue(String message) {
    var hop = HOP.matcher(message);
    int hops = 0;
    while (hop.find()) {
      hops++;
    }
    if (hops >= HOPS) {
      throw new IllegalArgumentException("more hops than this knows to count");
    }
    queued.add("F" + sender.orElseThrow() + "\0" + recipients + "\0" + message);
    say("250 ");
  }

  private void other(String command) {
    var chunk = CHUNK.matcher(command);
    if (!chunk.matches()) {
      say("502 ");
      return;
    }
    // What nobody wants is answered before it has come.
    boolean wanted = ready();
    int length = Integer.parseInt(chunk.group(1));
    if (length > text.length() - at) {
      over = true;
      return;
    }
    String part = text.substring(at, at + length);
    at += length;
    if (wanted) {
      chunk(part, chunk.group(2) != null);
    }
  }

  private void chunk(String part, boolean last) {
    String message = chunks.orElse("") + part;
    chunks = Optional.of(message);
    if (BARE_LF.matcher(message).find()) {
      say("550 ");
      clear();
    } else if (last) {
      String lines = message.replace("\r\n", "\n");
      queue(lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n");
      clear();
    } else {
      say("250 ");
    }
  }
}
