package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;

/**
 * One TCP connection to a server. Every read and write has a limit, and an interrupt closes it: a
 * channel's socket, unlike a plain one, heeds interrupts on platform threads too. Used by one
 * thread at a time.
 */
final class SmtpConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

  private final SocketChannel channel;
  private ReplyReader replies;
  private final String ip;
  private final ScheduledExecutorService timer;
  private Optional<SSLSocket> secured = Optional.empty();
  private int writeMillis;
  private int messages;
  private Extensions extensions = Extensions.NONE;

  private SmtpConnection(SocketChannel channel, String ip, ScheduledExecutorService timer)
      throws IOException {
    this.channel = channel;
    this.ip = ip;
    this.timer = timer;
    this.replies = new ReplyReader(channel.socket().getInputStream());
  }

  /**
   * Connects.
   *
   * @throws java.net.SocketTimeoutException if that takes too long
   */
  static SmtpConnection open(InetSocketAddress to, int millis, ScheduledExecutorService timer)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(to, millis);
      return new SmtpConnection(channel, IpText.of(to.getAddress()), timer);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The limit for each read and each write from now on. */
  void timeout(int millis) throws IOException {
    channel.socket().setSoTimeout(millis);
    writeMillis = millis;
  }

  /** The server's address as a number. */
  String ip() {
    return ip;
  }

  /** What the server can do, as far as it was asked. */
  Extensions extensions() {
    return extensions;
  }

  void extensions(Extensions offered) {
    extensions = offered;
  }

  /** Sends a line and waits for what the server says to it. */
  ServerReply command(String line) throws IOException {
    send(line);
    return replies.read();
  }

  /** Sends a line without waiting for the answer. */
  void send(String line) throws IOException {
    byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    send(bytes, bytes.length);
  }

  /** Sends the first bytes of a block. */
  void send(byte[] bytes, int length) throws IOException {
    limited(() -> write(bytes, length));
  }

  private void write(byte[] bytes, int length) throws IOException {
    if (secured.isPresent()) {
      secured.get().getOutputStream().write(bytes, 0, length);
      return;
    }
    ByteBuffer block = ByteBuffer.wrap(bytes, 0, length);
    while (block.hasRemaining()) {
      channel.write(block);
    }
  }

  /** Something that waits for the server, with no time limit of its own. */
  private interface Waiting {
    void run() throws IOException;
  }

  /** Puts one end of TLS upon a socket. */
  interface Wrapping {
    SSLSocket wrap(Socket socket) throws IOException, RemoteFailure;
  }

  /**
   * Does the handshake; from now on all is said within TLS.
   *
   * @throws javax.net.ssl.SSLException if the server is not to be had in this way
   */
  void secure(Wrapping end) throws IOException, RemoteFailure {
    SSLSocket inside = end.wrap(channel.socket());
    limited(inside::startHandshake);
    secured = Optional.of(inside);
    replies = new ReplyReader(inside.getInputStream());
  }

  private void limited(Waiting task) throws IOException {
    // A channel has no time limit for writing: close it from outside if it is stuck.
    Future<?> limit;
    try {
      limit = timer.schedule(this::close, writeMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new IOException("shutting down", e);
    }
    try {
      task.run();
    } finally {
      limit.cancel(false);
    }
  }

  /** The next reply. */
  ServerReply reply() throws IOException {
    return replies.read();
  }

  /** Counts a finished message; how many that makes. */
  int countMessage() {
    return ++messages;
  }

  /** Whether the connection is open and nothing unexpected has come in. */
  boolean reusable() {
    return channel.isOpen() && replies.drained();
  }

  /** Says good-bye without waiting for an answer, and closes. */
  void quit() {
    try (this) {
      send("QUIT");
    } catch (IOException e) {
      LOG.debug("{} did not wait for QUIT: {}", ip, e.toString());
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing the connection to {}: {}", ip, e.toString());
    }
  }
}
