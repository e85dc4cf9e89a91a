package org.sluice.queue.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.ReportedAction;
import org.sluice.base.Quote;
import org.sluice.base.Xtext;

/**
 * The fields of one recipient in a delivery status (RFC 3464 section 2.3). What programs want to
 * know is taken from the reports for people, whose forms are qmail's (spec 10 section 12.5, spec 30
 * section 2.7) or a server's reply.
 */
final class DeliveryStatus {
  private static final int LONGEST = 900;
  private static final String SAID = "Remote host said: ";
  private static final Pattern REPLY_LINE = Pattern.compile("[2-5][0-9]{2}(?:[ -].*)?");
  private static final Pattern ENHANCED =
      Pattern.compile("^[0-9]{3}[ -]([245]\\.[0-9]{1,3}\\.[0-9]{1,3})\\b");
  private static final Pattern OURS = Pattern.compile("\\(#([45]\\.[0-9]{1,3}\\.[0-9]{1,3})\\)");
  private static final Pattern SERVER =
      Pattern.compile(
          "(?m)^(?:Connected to )?([0-9a-fA-F:.]{3,45}) (?:accepted|does not like|failed|but) ");

  private DeliveryStatus() {}

  /**
   * The fields, each ended by LF.
   *
   * @param address the recipient as its sender knows it
   * @param utf8 whether they may be UTF-8 (RFC 6533)
   */
  static String fields(LeasedRecipient recipient, String address, boolean utf8) {
    var out = new StringBuilder();
    recipient
        .options()
        .originalRecipient()
        .ifPresent(o -> out.append("Original-Recipient: ").append(original(o)).append('\n'));
    out.append("Final-Recipient: ").append(address(address, utf8));
    out.append("\nAction: ").append(recipient.action().name().toLowerCase(Locale.ROOT));
    boolean success =
        recipient.action() == ReportedAction.DELIVERED
            || recipient.action() == ReportedAction.RELAYED;
    String report = recipient.report();
    Optional<String> reply =
        recipient.channel() == Channel.REMOTE ? reply(report) : Optional.empty();
    out.append("\nStatus: ").append(status(recipient.action(), report, reply)).append('\n');
    if (recipient.channel() == Channel.REMOTE) {
      last(SERVER, report).ifPresent(ip -> out.append("Remote-MTA: dns; ").append(literal(ip)));
    }
    if (reply.isPresent()) {
      out.append("Diagnostic-Code: smtp; ").append(line(reply.get(), utf8)).append('\n');
    } else if (!success && !report.isBlank()) {
      out.append("Diagnostic-Code: x-qmail; ").append(line(report, utf8)).append('\n');
    }
    return out.toString();
  }

  private static String literal(String ip) {
    return (ip.indexOf(':') < 0 ? "[" : "[IPv6:") + ip + "]\n";
  }

  /** What the server said last, on one line or more. */
  private static Optional<String> reply(String report) {
    int at = report.lastIndexOf(SAID);
    if (at < 0 || at > 0 && report.charAt(at - 1) != '\n') {
      return Optional.empty();
    }
    return Optional.of(
            report
                .substring(at + SAID.length())
                .lines()
                .takeWhile(line -> REPLY_LINE.matcher(line).matches())
                .collect(Collectors.joining("\n")))
        .filter(text -> !text.isEmpty());
  }

  private static Optional<String> last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    Optional<String> found = Optional.empty();
    while (matcher.find()) {
      found = Optional.of(matcher.group(1));
    }
    return found;
  }

  private static String status(ReportedAction action, String report, Optional<String> reply) {
    Optional<String> enhanced = reply.flatMap(r -> last(ENHANCED, r));
    if (action == ReportedAction.DELAYED) {
      return "4.4.7";
    }
    if (action == ReportedAction.FAILED && report.endsWith(Attempts.EXPIRED)) {
      return "5.4.7"; // whatever the last server has said before
    }
    if (action != ReportedAction.FAILED) {
      return enhanced.filter(s -> s.startsWith("2")).orElse("2.0.0");
    }
    return enhanced
        .filter(s -> !s.startsWith("2"))
        .or(() -> last(OURS, report))
        .orElse(reply.filter(r -> r.startsWith("4")).isPresent() ? "4.0.0" : "5.0.0");
  }

  /** ORCPT was ASCII when it came, and is without its encoding. */
  private static String original(String parameter) {
    int semicolon = parameter.indexOf(';');
    String value = parameter.substring(semicolon + 1);
    boolean plain = parameter.regionMatches(true, 0, "utf-8;", 0, 6);
    String decoded = plain ? value : Xtext.decode(value).orElse(value);
    return parameter.substring(0, semicolon + 1) + line(decoded, false);
  }

  private static String address(String address, boolean utf8) {
    if (ascii(address) || !isUtf8(address)) {
      return "rfc822; " + line(Quote.address(address), false);
    }
    return "utf-8; " + line(utf8 ? address : escaped(address), utf8);
  }

  /** As RFC 6533 section 3 has an address in ASCII. */
  private static String escaped(String address) {
    var out = new StringBuilder();
    decoded(address)
        .codePoints()
        .forEach(
            c ->
                out.append(
                    c > ' ' && c <= '~' && "\\+=".indexOf(c) < 0
                        ? Character.toString(c)
                        : "\\x{%X}".formatted(c)));
    return out.toString();
  }

  /** In one line; what is not ASCII becomes a question mark unless it may be UTF-8 and is. */
  static String line(String text, boolean utf8) {
    boolean keep = utf8 && isUtf8(text);
    var out = new StringBuilder();
    String stripped = text.strip();
    for (int i = 0; i < stripped.length() && out.length() < LONGEST; i++) {
      char c = stripped.charAt(i);
      out.append(c < ' ' || c == 0x7f ? ' ' : c < 0x80 || keep ? c : '?');
    }
    return out.toString();
  }

  static boolean ascii(String bytes) {
    return bytes.chars().allMatch(c -> c < 0x80);
  }

  static boolean isUtf8(String bytes) {
    try {
      decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String decoded(String bytes) {
    try {
      return decode(bytes);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String decode(String bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .toString();
  }
}
