package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.sluice.base.BodyEncoder;

/**
 * The SMTP dialogue of one message (spec 30 section 2.8): HELO, no extensions, no pipelining. If
 * something was asked it begins with EHLO, and HELO only if that is refused.
 */
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
  private final Reports out;
  private final boolean keep;
  private boolean afterDot;

  /**
   * A dialogue yet to be held.
   *
   * @param out where the reports go
   * @param keep whether to leave out QUIT after success, so that the connection can be used again
   */
  RemoteDialogue(SmtpConnection server, Mail mail, Reports out, boolean keep) {
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
      ServerReply hello = hello(helo);
      if (hello.code() != 250) {
        return quit("ZConnected to ", " but my name was rejected.\n", hello);
      }
      return proceed();
    } catch (IOException e) {
      throw RemoteFailure.died(server.ip(), afterDot, e);
    }
  }

  /** On a connection on which MAIL is next; whether it can be used again. */
  boolean proceed() throws RemoteFailure {
    try {
      var commands = new MailCommands(mail, server.extensions());
      return hindered(commands) ? false : transact(commands, server.command(commands.mail()));
    } catch (IOException e) {
      throw RemoteFailure.died(server.ip(), afterDot, e);
    }
  }

  private ServerReply hello(String helo) throws IOException {
    if (mail.extended()) {
      ServerReply reply = server.command("EHLO " + helo);
      if (reply.code() == 250) {
        server.extensions(Extensions.of(reply));
        return reply;
      }
    }
    return server.command("HELO " + helo);
  }

  /** Whether the server cannot be given this message, which ends the dialogue. */
  private boolean hindered(MailCommands commands) throws IOException, RemoteFailure {
    Optional<String> obstacle = commands.obstacle();
    if (obstacle.isPresent()) {
      quit("DConnected to ", obstacle.get(), null);
    }
    return obstacle.isPresent();
  }

  /** On a kept connection; whether it can be used once more. */
  boolean resume() throws RemoteFailure, Stale {
    var commands = new MailCommands(mail, server.extensions());
    ServerReply reply;
    try {
      if (hindered(commands)) {
        return false;
      }
      reply = server.command(commands.mail());
    } catch (IOException e) {
      throw new Stale("closed by " + server.ip(), e);
    }
    if (reply.code() == 421) {
      throw new Stale("closing: " + reply.text(), null);
    }
    try {
      return transact(commands, reply);
    } catch (IOException e) {
      throw RemoteFailure.died(server.ip(), afterDot, e);
    }
  }

  private boolean transact(MailCommands commands, ServerReply toMail)
      throws IOException, RemoteFailure {
    if (toMail.refused()) {
      return quit(letter(toMail) + "Connected to ", " but sender was rejected.\n", toMail);
    }
    if (!recipients(commands)) {
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
    if (commands.tells()) {
      out.tells();
    }
    if (commands.timely()) {
      out.timely();
    }
    if (!keep) {
      return quit("K", " accepted message.\n", end);
    }
    report("K", " accepted message.\n", end);
    return server.reusable();
  }

  /** Whether any was accepted. */
  private boolean recipients(MailCommands commands) throws IOException {
    boolean any = false;
    for (String address : mail.recipients()) {
      ServerReply reply = server.command(commands.recipient(address));
      if (reply.refused()) {
        report(reply.permanent() ? "h" : "s", " does not like recipient.\n", reply);
      } else {
        out.add("r");
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
    boolean said = reply != null && !reply.text().isEmpty();
    out.add(before + server.ip() + after + (said ? "Remote host said: " + reply.text() : ""));
  }
}
