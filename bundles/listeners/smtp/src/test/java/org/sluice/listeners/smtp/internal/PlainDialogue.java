package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.LineEnds.BareCr;
import org.sluice.api.smtp.LineEnds.BareLf;
import org.sluice.base.LocalAddresses;

/** The listener's dialogue with the whole input at hand: what it must answer and queue. */
final class PlainDialogue {
  /** A chunk of a message: its length, and whether it is the last. */
  static final Pattern CHUNK = Pattern.compile("(?i:bdat) ([0-9]{1,9})( +(?i:last))? *");

  private static final OwnAddresses NO_NAME =
      new OwnAddresses(Optional.empty(), LocalAddresses::ofSystem);
  private static final Pattern HOP = Pattern.compile("(?i:received|delivered)");
  private static final Pattern BARE_LF = Pattern.compile("(?<!\r)\n");
  private static final Pattern BARE_CR = Pattern.compile("\r(?!\n)");
  private static final int HOPS = 100;

  /** Code and separator of each line that is said. */
  final List<String> replies = new ArrayList<>();

  /** Envelope and text of each message. */
  final List<String> queued = new ArrayList<>();

  private final String text;
  private final LineEnds policy;
  private int at;
  private boolean over;
  private Optional<String> sender = Optional.empty();
  private final StringBuilder recipients = new StringBuilder();
  private Optional<String> chunks = Optional.empty();

  PlainDialogue(String text, LineEnds policy) {
    this.text = text;
    this.policy = policy;
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

  /** Line by line: only CR LF ends one. */
  private void data() {
    var message = new StringBuilder();
    while (true) {
      var bare = BARE_LF.matcher(text).region(at, text.length());
      int crlf = text.indexOf("\r\n", at);
      if (abrupt() && bare.find() && (crlf < 0 || bare.start() < crlf)) {
        say(policy.lineFeed() == BareLf.REJECT_451 ? "451 " : "521 ");
        over = true;
        return;
      }
      if (crlf < 0) {
        over = true; // the client is gone
        return;
      }
      String line = text.substring(at, crlf);
      at = crlf + 2;
      if (line.equals(".")) {
        end(message.toString());
        return;
      }
      // As qmail-smtpd: a dot in front of a CR that ends no line stays, and likewise of an LF.
      boolean stuffed = line.matches("(?s)\\.[^\r\n].*");
      message.append(stuffed ? line.substring(1) : line).append("\r\n");
    }
  }

  private boolean abrupt() {
    return policy.lineFeed() == BareLf.REJECT_451 || policy.lineFeed() == BareLf.REJECT_521;
  }

  private boolean refused(String message) {
    return policy.lineFeed() != BareLf.NORMALIZE && BARE_LF.matcher(message).find()
        || policy.carriageReturn() == BareCr.REJECT && BARE_CR.matcher(message).find();
  }

  private void end(String message) {
    if (refused(message)) {
      say("550 ");
    } else {
      String spaced =
          policy.carriageReturn() == BareCr.CONVERT
              ? BARE_CR.matcher(message).replaceAll(" ")
              : message;
      String lines = spaced.replace("\r\n", "\n");
      queue(lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n");
    }
    clear();
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
    // What a CR at the end is will be seen.
    String sure = message.endsWith("\r") ? message.substring(0, message.length() - 1) : message;
    if (last) {
      end(message);
    } else if (refused(sure)) {
      say("550 ");
      clear();
    } else {
      say("250 ");
    }
  }
}
