package org.sluice.transports.qmqp.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;
import org.sluice.base.Netstring;
import org.sluice.base.TimedChannel;

/** Gives a message to the first server that can be reached (spec 30 section 4.3). Thread-safe. */
final class QmqpClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int CONTROLS = 55;
  private static final int NO_SOCKET = 56;
  private static final int SERVER_LATER = 71;
  private static final int CONNECT_TIMEOUT = 72;
  private static final int CONNECT_FAILED = 73;
  private static final int CONVERSATION = 74;

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private final int port;
  private final Duration connectLimit;

  /** Talks to servers at this port. */
  QmqpClient(int port) {
    this(port, CONNECT);
  }

  QmqpClient(int port, Duration connectLimit) {
    this.port = port;
    this.connectLimit = connectLimit;
  }

  /**
   * Returns when a server has taken the message.
   *
   * @param servers in the order to try; once one is reached no other is tried
   * @throws QueueException if none has, with qmail-qmqpc's exit status (spec 30 section 4.5)
   */
  void send(List<InetAddress> servers, MessageSource message, Envelope envelope)
      throws QueueException, InterruptedException {
    var last = new QueueException(CONTROLS, "no usable line in control/qmqpservers");
    for (InetAddress server : servers) {
      try (var connection = open()) {
        var address = new InetSocketAddress(server, port);
        try {
          connection.connect(address, connectLimit);
        } catch (SocketTimeoutException e) {
          last = new QueueException(CONNECT_TIMEOUT, server + ": timed out", e);
          continue;
        } catch (IOException e) {
          last = new QueueException(CONNECT_FAILED, server + ": " + e.getMessage(), e);
          continue;
        }
        converse(connection, message, envelope);
        return;
      }
    }
    throw last;
  }

  private static TimedChannel open() throws QueueException {
    try {
      return TimedChannel.tcp(LIMIT);
    } catch (IOException e) {
      throw new QueueException(NO_SOCKET, "no socket: " + e.getMessage(), e);
    }
  }

  private static void converse(TimedChannel server, MessageSource message, Envelope envelope)
      throws QueueException, InterruptedException {
    try {
      byte[] addresses = addresses(envelope);
      server.write(Netstring.start(Netstring.size(message.size()) + addresses.length));
      server.write(Netstring.start(message.size()));
      try (InputStream text = message.open()) {
        byte[] block = new byte[65_536];
        for (int n = text.read(block); n > 0; n = text.read(block)) {
          server.write(block, n);
        }
      }
      server.write(new byte[] {','});
      server.write(addresses);
      server.write(new byte[] {','});
      answer(server);
    } catch (QueueException e) {
      throw e;
    } catch (IOException e) {
      throw new QueueException(CONVERSATION, "the conversation failed: " + e.getMessage(), e);
    }
  }

  private static byte[] addresses(Envelope envelope) throws IOException {
    var all = new ByteArrayOutputStream();
    all.write(Netstring.of(envelope.sender().address()));
    for (Recipient recipient : envelope.recipients()) {
      all.write(Netstring.of(recipient.address()));
    }
    return all.toByteArray();
  }

  /** The first K, Z or D counts, wherever it stands. */
  private static void answer(TimedChannel server) throws IOException, InterruptedException {
    byte[] block = new byte[256];
    for (int n = server.read(block); n > 0; n = server.read(block)) {
      for (int i = 0; i < n; i++) {
        switch (block[i]) {
          case 'K' -> {
            return;
          }
          case 'Z' -> throw new QueueException(SERVER_LATER, "the server refuses for now");
          case 'D' -> throw new QueueException(ExitCode.REJECTED, "the server refuses");
          default -> {
            continue; // the length, or nonsense
          }
        }
      }
    }
    throw new IOException("the server closed the connection");
  }
}
