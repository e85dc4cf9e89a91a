package org.sluice.smtp.dsn.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.ReturnContent;
import org.sluice.base.Ascii;
import org.sluice.base.Xtext;

/** The values of the parameters (RFC 3461 section 4, RFC 6533 section 3); empty if wrong. */
final class Values {
  private static final int ENVID_LIMIT = 100;
  private static final int ORCPT_LIMIT = 500;

  /** What RFC 6533 has in place of xtext: no plus, equals sign or backslash but in an escape. */
  private static final Pattern UTF8_XTEXT =
      Pattern.compile("([!-*,-<>-\\[\\]-~]|\\\\x\\{[0-9A-F]{2,6}\\})+");

  private Values() {}

  static Optional<ReturnContent> ret(String value) {
    return switch (Ascii.upper(value)) {
      case "FULL" -> Optional.of(ReturnContent.FULL);
      case "HDRS" -> Optional.of(ReturnContent.HDRS);
      default -> Optional.empty();
    };
  }

  static boolean envelopeId(String value) {
    return !value.isEmpty() && value.length() <= ENVID_LIMIT && printable(value);
  }

  private static boolean printable(String xtext) {
    Optional<String> text = Xtext.decode(xtext);
    return text.isPresent() && text.get().chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  static Optional<Set<Notify>> notifyOn(String value) {
    Set<Notify> words = EnumSet.noneOf(Notify.class);
    for (String word : Ascii.upper(value).split(",", -1)) {
      Optional<Notify> known =
          EnumSet.allOf(Notify.class).stream().filter(n -> n.name().equals(word)).findFirst();
      if (known.isEmpty() || !words.add(known.get())) {
        return Optional.empty();
      }
    }
    return words.contains(Notify.NEVER) && words.size() > 1 ? Optional.empty() : Optional.of(words);
  }

  /** In ASCII, whatever the client has sent. */
  static Optional<String> originalRecipient(String value) {
    int semicolon = value.indexOf(';');
    if (semicolon <= 0
        || semicolon == value.length() - 1
        || !value.substring(0, semicolon).matches("[A-Za-z0-9-]+")) {
      return Optional.empty();
    }
    String address = value.substring(semicolon + 1);
    if (!Ascii.equal(value.substring(0, semicolon), "utf-8")) {
      return Optional.of(value).filter(v -> v.length() <= ORCPT_LIMIT && printable(address));
    }
    return ascii(address)
        .filter(text -> UTF8_XTEXT.matcher(text).matches())
        .map(text -> value.substring(0, semicolon + 1) + text)
        .filter(v -> v.length() <= ORCPT_LIMIT);
  }

  /** With what is not ASCII escaped; empty if it is not UTF-8. */
  private static Optional<String> ascii(String bytes) {
    var text = new StringBuilder();
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .codePoints()
          .forEach(c -> text.append(c < 0x80 ? Character.toString(c) : "\\x{%X}".formatted(c)));
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
