package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What qbiff and maildirwatch show of a message (spec 40 sections 13.2 and 16.3). Of several fields
 * of a name the last counts.
 *
 * @param returnPath the value of Return-Path, without its LF
 * @param deliveredTo the value of Delivered-To, without its LF
 * @param from the whole From field, without its last LF
 * @param text Subject values and body lines, cut
 */
public record MessageSummary(
    Optional<String> returnPath, Optional<String> deliveredTo, Optional<String> from, String text) {

  /**
   * Reads as much of a message as is needed.
   *
   * @param limit octets of {@code text}
   */
  public static MessageSummary read(InputStream in, int limit) throws IOException {
    var reader = new MessageReader(in);
    Optional<String> returnPath = Optional.empty();
    Optional<String> deliveredTo = Optional.empty();
    Optional<String> from = Optional.empty();
    var text = new StringBuilder();
    for (var next = reader.field(); next.isPresent(); next = reader.field()) {
      MessageField field = next.get();
      if (field.is("Return-Path")) {
        returnPath = Optional.of(MessageField.chop(field.value()));
      } else if (field.is("Delivered-To")) {
        deliveredTo = Optional.of(MessageField.chop(field.value()));
      } else if (field.is("From")) {
        from = Optional.of(field.unterminated());
      } else if (field.is("Subject")) {
        append(text, field.value(), limit);
      }
    }
    while (text.length() < limit) {
      Optional<String> line = reader.line();
      if (line.isEmpty()) {
        break;
      }
      append(text, line.get(), limit);
    }
    return new MessageSummary(returnPath, deliveredTo, from, text.toString());
  }

  private static void append(StringBuilder text, String more, int limit) {
    text.append(more, 0, Math.min(more.length(), limit - text.length()));
  }
}
