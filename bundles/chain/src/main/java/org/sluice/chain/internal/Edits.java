package org.sluice.chain.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.HeaderField;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.FileMessage;

/** One filter's changes: collected in its call, spooled to a file of their own, applied once. */
final class Edits implements MessageEdits {
  private final List<UnaryOperator<List<HeaderField>>> header = new ArrayList<>();
  private final List<UnaryOperator<Envelope>> envelope = new ArrayList<>();
  private Optional<BodyWriter> body = Optional.empty();
  private Optional<Path> file = Optional.empty();
  private volatile boolean frozen;
  private volatile boolean prepared;

  @Override
  public MessageEdits addHeader(String name, String value) {
    HeaderField field = field(name, value);
    return onHeader(
        fields -> {
          fields.add(0, field);
          return fields;
        });
  }

  @Override
  public MessageEdits replaceHeader(String name, int index, String value) {
    HeaderField field = field(name, value);
    return onHeader(
        fields -> {
          fields.set(position(fields, name, index), field);
          return fields;
        });
  }

  @Override
  public MessageEdits removeHeader(String name, int index) {
    return onHeader(
        fields -> {
          fields.remove(position(fields, name, index));
          return fields;
        });
  }

  @Override
  public MessageEdits replaceBody(BodyWriter writer) {
    open();
    body = Optional.of(writer);
    return this;
  }

  @Override
  public MessageEdits changeSender(ReversePath sender) {
    return onEnvelope(e -> new Envelope(sender, e.recipients()));
  }

  @Override
  public MessageEdits addRecipient(Recipient recipient) {
    return onEnvelope(
        e -> {
          List<Recipient> more = new ArrayList<>(e.recipients());
          more.add(recipient);
          return new Envelope(e.sender(), more);
        });
  }

  @Override
  public MessageEdits removeRecipient(Recipient recipient) {
    return onEnvelope(
        e ->
            new Envelope(
                e.sender(), e.recipients().stream().filter(r -> !r.equals(recipient)).toList()));
  }

  private MessageEdits onHeader(UnaryOperator<List<HeaderField>> change) {
    open();
    header.add(change);
    return this;
  }

  private MessageEdits onEnvelope(UnaryOperator<Envelope> change) {
    open();
    envelope.add(change);
    return this;
  }

  private void open() {
    if (frozen) {
      throw new IllegalStateException("edits are taken during the filter's call only");
    }
  }

  private static HeaderField field(String name, String value) {
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
    return new HeaderField(name, " " + value);
  }

  private static int position(List<HeaderField> fields, String name, int index) {
    int left = index;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equalsIgnoreCase(name) && left-- == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no field " + name + " number " + index);
  }

  /** Writes the edited message, if it is one; on the filter's thread and time. */
  void prepare(MessageSource message) throws IOException {
    if (!header.isEmpty() || body.isPresent()) {
      // 0600 from the start; the queue copies it before the transaction ends.
      Path spool = Files.createTempFile("sluice-filter-", ".eml");
      file = Optional.of(spool);
      try (var out = new BufferedOutputStream(Files.newOutputStream(spool), 65_536)) {
        write(message, out);
      }
    }
    prepared = true;
  }

  private void write(MessageSource message, OutputStream out) throws IOException {
    var original = message.header();
    if (original.truncated()) {
      throw new IOException("the header is too long to be edited");
    }
    List<HeaderField> fields = new ArrayList<>(original.fields());
    for (UnaryOperator<List<HeaderField>> change : header) {
      fields = change.apply(fields);
    }
    for (HeaderField field : fields) {
      String line = field.name() + ":" + field.body() + "\n";
      out.write(line.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (body.isPresent()) {
      out.write('\n');
      body.get().write(out);
    } else {
      try (InputStream in = new java.io.BufferedInputStream(message.open(), 65_536)) {
        // Field names lose blanks before the colon when parsed, so the end is found by counting
        // lines.
        skipLines(in, original.fields().stream().mapToInt(Edits::lines).sum());
        in.transferTo(out);
      }
    }
  }

  private static int lines(HeaderField field) {
    return 1 + (int) field.body().chars().filter(c -> c == '\n').count();
  }

  private static void skipLines(InputStream in, int lines) throws IOException {
    int left = lines;
    while (left > 0) {
      int c = in.read();
      if (c < 0) {
        return;
      }
      left -= c == '\n' ? 1 : 0;
    }
  }

  /** No further changes: the call is over. */
  void freeze() {
    frozen = true;
  }

  boolean prepared() {
    return prepared;
  }

  Envelope apply(Envelope before) {
    Envelope after = before;
    for (UnaryOperator<Envelope> change : envelope) {
      after = change.apply(after);
    }
    return after;
  }

  Optional<MessageSource> message() {
    return file.map(
        path -> {
          try {
            return new FileMessage(path);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  void close() {
    file.ifPresent(
        path -> {
          try {
            Files.deleteIfExists(path);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
