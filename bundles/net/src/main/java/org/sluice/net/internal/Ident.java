package org.sluice.net.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a client's ident server whose a connection is (spec 20 section 5.4, RFC 1413).
 *
 * @param port where ident servers listen
 * @param limit how long an answer may take
 * @param inAll whether that is the time of all, else of the connect and of each read
 * @param longest octets of the answer that are kept
 */
public record Ident(int port, Duration limit, boolean inAll, int longest) {
  private static final Logger LOG = LoggerFactory.getLogger(Ident.class);

  /** Where RFC 1413 has them. */
  public static final int PORT = 113;

  /** Octets of an answer that are looked at, the line before the value included. */
  private static final int MOST_READ = 65_536;

  /** As tcpserver asks: so much time in all, 257 octets of the answer. */
  public static Ident ofTcpserver(Duration limit) {
    return new Ident(PORT, limit, true, 257);
  }

  /** As tcp-env asks: so much time for the connect and for each read, 998 octets. */
  public static Ident ofTcpEnv(Duration limit) {
    return new Ident(PORT, limit, false, 998);
  }

  /** The same at another port, as for servers of a test. */
  public Ident at(int port) {
    return new Ident(port, limit, inAll, longest);
  }

  /**
   * TCPREMOTEINFO: set, even to nothing, if there was an answer.
   *
   * @param local this end of the connection
   * @param remote the client's end
   */
  public Optional<String> ask(InetSocketAddress local, InetSocketAddress remote) {
    long end = System.nanoTime() + limit.toNanos();
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(local.getAddress(), 0));
      socket.connect(new InetSocketAddress(remote.getAddress(), port), left(end));
      String question = remote.getPort() + " , " + local.getPort() + "\r\n";
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      return answer(socket, end);
    } catch (IOException e) {
      LOG.debug("no ident answer from {}: {}", remote.getAddress(), e.toString());
      return Optional.empty();
    }
  }

  /** Milliseconds, at least 1. */
  private int left(long end) throws SocketTimeoutException {
    long nanos = inAll ? end - System.nanoTime() : limit.toNanos();
    if (nanos <= 0) {
      throw new SocketTimeoutException("no time left");
    }
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / 1_000_000));
  }

  /** What follows the third colon of the line, without blanks. */
  private Optional<String> answer(Socket socket, long end) throws IOException {
    var value = new ByteArrayOutputStream();
    byte[] block = new byte[512];
    int colons = 0;
    int read = 0;
    InputStream in = socket.getInputStream();
    while (read < MOST_READ) {
      socket.setSoTimeout(left(end));
      int n = in.read(block);
      if (n < 0) {
        return Optional.empty();
      }
      read += n;
      for (int i = 0; i < n; i++) {
        byte octet = block[i];
        if (octet == '\n') {
          // A string of C ends at its NUL.
          return Optional.of(value.toString(StandardCharsets.ISO_8859_1).split("\0", 2)[0]);
        }
        if (octet != ' ' && octet != '\t' && octet != '\r') {
          if (colons < 3) {
            colons += octet == ':' ? 1 : 0;
          } else if (value.size() < longest) {
            value.write(octet);
          }
        }
      }
    }
    throw new IOException("an answer without end");
  }
}
