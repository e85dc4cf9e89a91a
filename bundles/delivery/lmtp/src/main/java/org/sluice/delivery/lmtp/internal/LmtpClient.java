package org.sluice.delivery.lmtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.BodyEncoder;
import org.sluice.base.Quote;
import org.sluice.base.TimedChannel;

/** One conversation about one message for one recipient (RFC 2033). Used by one thread. */
final class LmtpClient {
  private static final Logger LOG = LoggerFactory.getLogger(LmtpClient.class);
  private static final int BLOCK = 16_384;

  /** The server has the message and stores it (RFC 5321 section 4.5.3.2.6). */
  private static final int PATIENCE = 2;

  private final TimedChannel channel;
  private final ReplyReader replies;
  private final Duration limit;

  LmtpClient(TimedChannel channel, Duration limit) {
    this.channel = channel;
    this.replies = new ReplyReader(channel);
    this.limit = limit;
  }

  /** The reply that decides: the first that is no success, else that for the recipient. */
  ServerReply deliver(Delivery delivery, String recipient, String name)
      throws IOException, InterruptedException {
    ServerReply greeting = replies.read(limit);
    if (!greeting.positive()) {
      return busy(greeting);
    }
    ServerReply hello = command("LHLO " + name);
    if (!hello.positive()) {
      return busy(hello);
    }
    ServerReply reply = command(mail(delivery, recipient, hello));
    if (reply.positive()) {
      reply = command("RCPT TO:<" + Quote.mangle(recipient) + ">");
    }
    if (reply.positive()) {
      reply = command("DATA");
      if (reply.positive()) {
        throw new IOException("the server does not want the message it has accepted");
      }
      if (reply.intermediate()) {
        body(delivery);
        reply = replies.read(limit.multipliedBy(PATIENCE));
      }
    }
    quit();
    return reply;
  }

  /** A server that does not want to talk now may want to later, whatever it says. */
  private static ServerReply busy(ServerReply reply) {
    return reply.permanent() ? new ServerReply(421, reply.lines()) : reply;
  }

  private static String mail(Delivery delivery, String recipient, ServerReply hello) {
    String sender = delivery.sender().address();
    var line = new StringBuilder("MAIL FROM:<").append(Quote.mangle(sender)).append('>');
    if (hello.offers("SIZE")) {
      line.append(" SIZE=").append(delivery.message().size());
    }
    if (hello.offers("8BITMIME")) {
      line.append(" BODY=8BITMIME");
    }
    if (hello.offers("SMTPUTF8") && !(ascii(sender) && ascii(recipient))) {
      line.append(" SMTPUTF8");
    }
    return line.toString();
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private ServerReply command(String line) throws IOException, InterruptedException {
    channel.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return replies.read(limit);
  }

  /** The Delivered-To line is for the loop check; the server adds its own fields. */
  private void body(Delivery delivery) throws IOException, InterruptedException {
    // Else a message with CR, dot, LF in it would say the rest of itself as commands.
    var encoder = BodyEncoder.strict();
    byte[] wire = new byte[BodyEncoder.room(BLOCK)];
    byte[] first = delivery.deliveredTo().getBytes(StandardCharsets.ISO_8859_1);
    byte[] room = new byte[BodyEncoder.room(first.length)];
    channel.write(room, encoder.encode(first, first.length, room));
    byte[] block = new byte[BLOCK];
    try (InputStream in = open(delivery.message())) {
      for (int n = read(in, block); n >= 0; n = read(in, block)) {
        channel.write(wire, encoder.encode(block, n, wire));
      }
    }
    String end = (encoder.partialLine() ? "\r\n" : "") + encoder.end();
    channel.write(end.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static InputStream open(MessageSource message) throws UnreadableMessage {
    try {
      return message.open();
    } catch (IOException e) {
      throw new UnreadableMessage(e);
    }
  }

  private static int read(InputStream in, byte[] block) throws UnreadableMessage {
    try {
      return in.read(block);
    } catch (IOException e) {
      throw new UnreadableMessage(e);
    }
  }

  private void quit() throws InterruptedException {
    try {
      channel.write("QUIT\r\n".getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      LOG.debug("the server did not wait for QUIT: {}", e.toString());
    }
  }

  /** Tells a message that cannot be read from a server that cannot be talked to. */
  static final class UnreadableMessage extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException why;

    UnreadableMessage(IOException why) {
      super(why);
      this.why = why;
    }

    IOException why() {
      return why;
    }
  }
}
