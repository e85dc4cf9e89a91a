package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Splits a message into header fields and body lines by qmail's rules (spec 40 section 13.1, spec
 * 30 section 6.1). Ask for fields until there are none, then for the body. Used by one thread; the
 * stream is not closed. Memory: one field of at most {@value HeaderReader#LIMIT} octets, or as
 * told. A line whose first colon comes after {@value #PART} octets begins no field.
 */
public final class MessageReader {
  private static final int PART = 8192;

  private final InputStream in;
  private final int limit;
  private final byte[] block = new byte[PART];
  private final Deque<String> ahead = new ArrayDeque<>();
  private int at;
  private int end;
  private boolean headerRead;
  private boolean lineBegun;
  private boolean cut;

  /** Reads from the stream's present position. */
  public MessageReader(InputStream in) {
    this(in, HeaderReader.LIMIT);
  }

  /**
   * With another limit.
   *
   * @param limit octets of a field that are kept, at most
   */
  public MessageReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next field; empty when the header has ended. A {@code From } line is an MBOX-Line. */
  public Optional<MessageField> field() throws IOException {
    if (headerRead) {
      return Optional.empty();
    }
    String first = next();
    if (first.startsWith("From ")) {
      return Optional.of(field("MBOX-Line: " + first));
    }
    if (MessageField.begins(first)) {
      return Optional.of(field(first));
    }
    headerRead = true;
    if (!first.isEmpty()) {
      ahead.add(first);
      if (!first.equals("\n")) {
        ahead.addFirst("\n");
      }
    }
    return Optional.empty();
  }

  private MessageField field(String first) throws IOException {
    var text = new StringBuilder(first);
    boolean whole = first.endsWith("\n");
    while (true) {
      String more = next();
      if (more.isEmpty()) {
        break;
      }
      if (whole && !MessageField.blank(more.charAt(0))) {
        ahead.add(more);
        break;
      }
      whole = more.endsWith("\n");
      if (text.length() + more.length() <= limit) {
        text.append(more);
      } else {
        cut = true;
      }
    }
    if (text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    return new MessageField(text.toString());
  }

  /** Whether some field so far was too long and lost its end. */
  public boolean cut() {
    return cut;
  }

  /**
   * The next line of the body, with LF; empty at the end. The line that separates the header is the
   * first, even if the message lacks it. A line of more than {@value #PART} octets comes in parts,
   * all but the last without LF.
   */
  public Optional<String> line() throws IOException {
    while (!headerRead) {
      field();
    }
    String line = next();
    return line.isEmpty() ? Optional.empty() : Optional.of(line);
  }

  /**
   * The next octets of the body, which is that of {@link #line}; -1 at its end. Reads in blocks,
   * for those who do not look at lines.
   *
   * @param buffer of at least {@value #PART} octets
   */
  public int body(byte[] buffer) throws IOException {
    while (!headerRead) {
      field();
    }
    if (!ahead.isEmpty()) {
      byte[] part = ahead.remove().getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(part, 0, buffer, 0, part.length);
      return part.length;
    }
    int n = end - at;
    if (n > 0) {
      System.arraycopy(block, at, buffer, 0, n);
      at = end;
    } else {
      n = in.read(buffer);
    }
    if (n > 0) {
      lineBegun = buffer[n - 1] != '\n';
    } else if (lineBegun) {
      lineBegun = false;
      buffer[0] = '\n';
      return 1;
    }
    return n;
  }

  /** A line or a part of one; empty at the end. A last line without LF is given one. */
  private String next() throws IOException {
    if (!ahead.isEmpty()) {
      return ahead.remove();
    }
    var line = new StringBuilder();
    while (line.length() < PART) {
      if (at == end && !fill()) {
        if (lineBegun || line.length() > 0) {
          line.append('\n');
        }
        break;
      }
      int stop = stop(PART - line.length());
      line.append(new String(block, at, stop - at, StandardCharsets.ISO_8859_1));
      at = stop;
      if (block[stop - 1] == '\n') {
        break;
      }
    }
    lineBegun = line.length() > 0 && line.charAt(line.length() - 1) != '\n';
    return line.toString();
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(in.read(block), 0);
    return end > 0;
  }

  private int stop(int most) {
    int limit = Math.min(end, at + most);
    for (int i = at; i < limit; i++) {
      if (block[i] == '\n') {
        return i + 1;
      }
    }
    return limit;
  }
}
