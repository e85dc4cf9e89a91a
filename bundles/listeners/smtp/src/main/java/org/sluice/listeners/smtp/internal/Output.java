package org.sluice.listeners.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.api.mail.Reply;

/** Replies, sent in one write when there is nothing left to parse. */
final class Output {
  private static final int LIMIT = 8_192;

  private final OutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(512);

  Output(OutputStream out) {
    this.out = out;
  }

  void line(String text) throws IOException {
    pending.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    if (pending.size() > LIMIT) {
      flush();
    }
  }

  void reply(Reply reply) throws IOException {
    int last = reply.lines().size() - 1;
    String status = reply.status().map(s -> s + " ").orElse("");
    for (int i = 0; i <= last; i++) {
      line(reply.code() + (i < last ? "-" : " ") + status + reply.lines().get(i));
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
