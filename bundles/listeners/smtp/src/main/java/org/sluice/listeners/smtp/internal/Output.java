package org.sluice.listeners.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.api.mail.Reply;

/** Replies, sent in one write when there is nothing left to parse. */
final class Output {
  private static final int LIMIT = 8_192;

  /** Changes replies on their way out. */
  interface Editor {
    /** Whether {@link #edit} would be of use. */
    boolean active();

    Reply edit(Reply reply) throws IOException;
  }

  private final OutputStream out;
  private final Editor editor;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(512);

  Output(OutputStream out, Editor editor) {
    this.out = out;
    this.editor = editor;
  }

  /** A reply of one line, code included. */
  void line(String text) throws IOException {
    boolean plain = text.indexOf('\r') < 0 && text.indexOf('\n') < 0;
    if (editor.active() && plain) {
      reply(Reply.of(Integer.parseInt(text.substring(0, 3)), text.substring(4)));
    } else {
      raw(text);
    }
  }

  /** A line that nobody edits. */
  void raw(String text) throws IOException {
    pending.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    if (pending.size() > LIMIT) {
      flush();
    }
  }

  void reply(Reply original) throws IOException {
    Reply reply = editor.active() ? editor.edit(original) : original;
    int last = reply.lines().size() - 1;
    String status = reply.status().map(s -> s + " ").orElse("");
    for (int i = 0; i <= last; i++) {
      raw(reply.code() + (i < last ? "-" : " ") + status + reply.lines().get(i));
    }
  }

  void flush() throws IOException {
    if (pending.size() > 0) {
      byte[] bytes = pending.toByteArray();
      pending.reset();
      out.write(bytes);
      out.flush();
    }
  }
}
