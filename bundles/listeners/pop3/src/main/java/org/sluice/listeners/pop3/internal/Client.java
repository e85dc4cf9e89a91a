package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.base.CommandLine;
import org.sluice.base.CommandReader;
import org.sluice.base.LineTooLongException;

/** The other end: its commands, and the replies to it. Used by one thread. */
final class Client {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);

  private final Connection connection;
  private final Output out;
  private final CommandReader in;

  Client(Connection connection) {
    this.connection = connection;
    this.out = new Output(connection.out());
    this.in = new CommandReader(connection.in(), out::flush);
  }

  Connection connection() {
    return connection;
  }

  Output out() {
    return out;
  }

  /** Whether the client has said more than its last command. */
  boolean pending() {
    return in.pending();
  }

  /**
   * The next command; between commands the client may be told to go away.
   *
   * @return empty if the session is over: the input has ended, or nothing came for too long
   */
  Optional<CommandLine> command() throws IOException {
    if (in.pending()) {
      return read().map(CommandLine::parse);
    }
    out.flush();
    if (connection.draining()) {
      return Optional.empty();
    }
    connection.idle(true);
    try {
      return read().map(CommandLine::parse);
    } finally {
      connection.idle(false);
    }
  }

  private Optional<String> read() throws IOException {
    try {
      return in.line();
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (LineTooLongException e) {
      error("line too long");
      out.flush();
      return Optional.empty();
    }
  }

  /**
   * Sends a SASL challenge in base64 and reads the answer to it.
   *
   * @throws ClientGone if there is none
   */
  String ask(String challenge) throws ClientGone {
    try {
      out.line("+ " + challenge);
      out.flush();
      connection.idle(true);
      try {
        return read().orElseThrow(() -> new ClientGone("the client is gone"));
      } finally {
        connection.idle(false);
      }
    } catch (ClientGone e) {
      throw e;
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  /** qmail's positive reply, with the space at its end. */
  void ok() throws IOException {
    out.line("+OK ");
  }

  void error(String text) throws IOException {
    out.line("-ERR " + text);
  }

  /** A positive reply of several lines. */
  void list(Iterable<String> lines) throws IOException {
    ok();
    for (String line : lines) {
      out.line(line);
    }
    out.line(".");
  }

  /** The handshake of STLS; what the client has said in the clear is thrown away. */
  void startTls(TlsServer server) throws IOException {
    out.flush();
    try {
      connection.startTls(server);
    } catch (IOException e) {
      LOG.info("{}: TLS failed: {}", connection.id(), e.toString());
      throw e;
    }
    in.restart(connection.in());
    out.restart(connection.out());
  }

  /** What the client has said beyond the last command. */
  byte[] takeRest() {
    return in.takeRest();
  }
}
