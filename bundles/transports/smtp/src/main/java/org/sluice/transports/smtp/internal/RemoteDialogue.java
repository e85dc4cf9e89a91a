package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sluice.base.BodyEncoder;
import org.sluice.base.Quote;

/** The SMTP dialogue of one message (spec 30 section 2.8): HELO, no extensions, no pipelining. */
final class RemoteDialogue {
  private static final int BLOCK = 32 * 1024;

  /** A kept connection turned out to be closed before the server took notice of the message. */
  static final class Stale extends Exception {
    private Stale(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final SmtpConnection server;
  private final Mail mail;
  private final StringBuilder out;
  private final boolean keep;
  private boolean afterDot;

  /**
   * A dialogue yet to be held.
   *
   * @param out where the reports go, each ended by NUL
   * @param keep whether to leave out QUIT after success, so that the connection can be used again
   */
  RemoteDialogue(SmtpConnection server, Mail mail, StringBuilder out, boolean keep) {
    this.server = server;
    this.mail = mail;
    this.out = out;
    this.keep = keep;
  }

  /** On a new connection; whether the connection can be used again. */
  boolean begin(String helo) throws RemoteFailure {
    try {
      ServerReply greeting = server.reply();
      if (greeting.code() != 220) {
        return quit("ZConnected to ", " but greeting failed.\n", greeting);
      }
      ServerReply hello = server.command("HELO " + helo);
      if (hello.code() != 250) {
        return quit("ZConnected to ", " but my name was rejected.\n", hello);
      }
      return transact(server.command(mailFrom()));
    } catch (IOException e) {
      throw RemoteFailure.died(server.ip(), afterDot, e);
    }
  }

  /** On a kept connection; whether it can be used once more. */
  boolean resume() throws RemoteFailure, Stale {
    ServerReply reply;
    try {
      reply = server.command(mailFrom());
    } catch (IOException e) {
      throw new Stale("closed by " + server.ip(), e);
    }
    if (reply.code() == 421) {
      throw new Stale("closing: " + reply.text(), null);
    }
    try {
      return transact(reply);
    } catch (IOException e) {
      throw RemoteFailure.died(server.ip(), afterDot, e);
    }
  }

  private String mailFrom() {
    return "MAIL FROM:<" + Quote.mangle(mail.sender()) + ">";
  }

  private boolean transact(ServerReply toMail) throws IOException, RemoteFailure {
    if (toMail.refused()) {
      return quit(letter(toMail) + "Connected to ", " but sender was rejected.\n", toMail);
    }
    if (!recipients(mail.recipients())) {
      return quit("DGiving up on ", ".\n", null);
    }
    ServerReply data = server.command("DATA");
    if (data.refused()) {
      return quit(letter(data), " failed on DATA command.\n", data);
    }
    body();
    ServerReply end = server.reply();
    // From here on nothing can be a duplicate: the server has decided.
    afterDot = false;
    if (end.refused()) {
      return quit(letter(end), " failed after I sent the message.\n", end);
    }
    if (!keep) {
      return quit("K", " accepted message.\n", end);
    }
    report("K", " accepted message.\n", end);
    return server.reusable();
  }

  /** Whether any was accepted. */
  private boolean recipients(List<String> addresses) throws IOException {
    boolean any = false;
    for (String address : addresses) {
      ServerReply reply = server.command("RCPT TO:<" + Quote.mangle(address) + ">");
      if (reply.refused()) {
        report(reply.permanent() ? "h" : "s", " does not like recipient.\n", reply);
      } else {
        out.append("r\0");
        any = true;
      }
    }
    return any;
  }

  private void body() throws IOException, RemoteFailure {
    var encoder = new BodyEncoder();
    var block = new byte[(int) Math.min(BLOCK, Math.max(256, mail.sizeHint() + 1))];
    var wire = new byte[BodyEncoder.room(block.length) + encoder.end().length() + 2];
    int filled = 0;
    try (InputStream in = open()) {
      for (int n = read(in, block); n >= 0; n = read(in, block)) {
        // One block stays behind so that a short message and its dot go out in one write.
        if (filled > 0) {
          server.send(wire, filled);
        }
        filled = encoder.encode(block, n, wire);
      }
    }
    if (encoder.partialLine()) {
      throw RemoteFailure.partialLine();
    }
    byte[] end = encoder.end().getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(end, 0, wire, filled, end.length);
    afterDot = true;
    server.send(wire, filled + end.length);
  }

  private InputStream open() throws RemoteFailure {
    try {
      return mail.body().open();
    } catch (IOException e) {
      throw RemoteFailure.message(e);
    }
  }

  private static int read(InputStream in, byte[] block) throws RemoteFailure {
    try {
      int n = in.readNBytes(block, 0, block.length);
      return n == 0 ? -1 : n;
    } catch (IOException e) {
      throw RemoteFailure.message(e);
    }
  }

  private static String letter(ServerReply reply) {
    return reply.permanent() ? "D" : "Z";
  }

  /** QUIT goes out first: if even that fails, the connection's death is the report. */
  private boolean quit(String before, String after, ServerReply reply) throws IOException {
    server.send("QUIT");
    report(before, after, reply);
    return false;
  }

  private void report(String before, String after, ServerReply reply) {
    out.append(before).append(server.ip()).append(after);
    if (reply != null && !reply.text().isEmpty()) {
      out.append("Remote host said: ").append(reply.text());
    }
    out.append('\0');
  }
}
