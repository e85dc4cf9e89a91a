package org.sluice.chain.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.MessageEdits.BodyWriter;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.HeaderReader;

/** Changes of header fields, made on the fields as they stand: all others stay byte by byte. */
final class HeaderEdits {
  private final List<Consumer<List<String>>> changes = new ArrayList<>();
  private boolean needsAll;

  /** A field with its LF, or an IllegalArgumentException. */
  static String field(String name, String value) {
    if (name.isEmpty() || name.chars().anyMatch(c -> c <= 32 || c >= 127 || c == ':')) {
      throw new IllegalArgumentException("no field name (RFC 5322 section 2.2): '" + name + "'");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean folded =
          c == '\n' && i + 1 < value.length() && " \t".indexOf(value.charAt(i + 1)) >= 0;
      if (c == '\r' || c == 0 || c > 255 || c == '\n' && !folded) {
        throw new IllegalArgumentException("field " + name + ": character " + i + " not allowed");
      }
    }
    return name + ": " + value + "\n";
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  void add(String field) {
    changes.add(fields -> fields.add(0, field));
  }

  void replace(String name, int index, String field) {
    needsAll = true;
    changes.add(fields -> fields.set(position(fields, name, index), field));
  }

  void remove(String name, int index) {
    needsAll = true;
    changes.add(fields -> fields.remove(position(fields, name, index)));
  }

  private static int position(List<String> fields, String name, int index) {
    int left = index;
    for (int i = 0; i < fields.size(); i++) {
      if (HeaderReader.field(fields.get(i)).name().equalsIgnoreCase(name) && left-- == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no field " + name + " number " + index);
  }

  /**
   * Writes the whole changed message.
   *
   * @throws FilterException if the filter's writer failed
   */
  void write(MessageSource message, Optional<BodyWriter> body, OutputStream out)
      throws IOException, FilterException {
    HeaderReader.Raw raw;
    try (InputStream in = message.open()) {
      raw = HeaderReader.raw(in);
    }
    if (raw.truncated() && (needsAll || body.isPresent())) {
      throw LocalTrouble.other("the header is too long to be changed", null);
    }
    List<String> fields = new ArrayList<>(raw.fields());
    changes.forEach(change -> change.accept(fields));
    for (String field : fields) {
      out.write(field.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (body.isPresent()) {
      boolean open = !fields.isEmpty() && !fields.get(fields.size() - 1).endsWith("\n");
      out.write((open ? "\n\n" : "\n").getBytes(StandardCharsets.ISO_8859_1));
      body(body.get(), out);
    } else {
      copyRest(message, raw, !fields.isEmpty(), out);
    }
  }

  private static void body(BodyWriter writer, OutputStream out) throws FilterException {
    try {
      writer.write(out);
    } catch (IOException | RuntimeException e) {
      throw new FilterException("the writer of a new body failed", e);
    }
  }

  private static void copyRest(
      MessageSource message, HeaderReader.Raw raw, boolean header, OutputStream out)
      throws IOException {
    try (InputStream in = message.open()) {
      in.skipNBytes(raw.fields().stream().mapToLong(String::length).sum());
      if (raw.fields().isEmpty() && header) {
        // A message without a header: its first line must not become part of ours.
        int first = in.read();
        if (first >= 0) {
          out.write(first == '\n' ? new byte[] {'\n'} : new byte[] {'\n', (byte) first});
        }
      }
      in.transferTo(out);
    }
  }
}
