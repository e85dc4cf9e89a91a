package org.sluice.delivery.lmtp.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says what it is told to each command, and keeps all that was said to it. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocketChannel listening;
  private final Map<String, String> replies = new ConcurrentHashMap<>();
  private final StringBuffer heard = new StringBuffer();
  private final Thread thread = new Thread(this::serve, "scripted-server");

  private ScriptedServer(ServerSocketChannel listening) {
    this.listening = listening;
    for (String command : List.of("connect", "LHLO", "MAIL", "RCPT", ".", "QUIT")) {
      say(command, "250 2.0.0 ok " + command);
    }
    say("connect", "220 server LMTP");
    say("LHLO", "250-server\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES");
    say("DATA", "354 go ahead");
    thread.setDaemon(true);
    thread.start();
  }

  static ScriptedServer tcp() throws IOException {
    var listening = ServerSocketChannel.open();
    return new ScriptedServer(
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  static ScriptedServer unix(Path socket) throws IOException {
    var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return new ScriptedServer(listening.bind(UnixDomainSocketAddress.of(socket)));
  }

  /** The reply to a command; {@code connect} and {@code .} too; empty closes the connection. */
  ScriptedServer say(String command, String reply) {
    replies.put(command, reply);
    return this;
  }

  /** As the argument of the instruction. */
  String address() throws IOException {
    SocketAddress address = listening.getLocalAddress();
    return address instanceof InetSocketAddress tcp
        ? "127.0.0.1:" + tcp.getPort()
        : "unix:" + address;
  }

  /** So far. */
  String heard() {
    return heard.toString();
  }

  /** All that was said, after the client has gone. */
  String heardInTheEnd() {
    close();
    return heard().replace("[closed]", "");
  }

  private void serve() {
    while (listening.isOpen()) {
      try (SocketChannel client = listening.accept()) {
        converse(client);
      } catch (IOException e) {
        heard.append("[closed]");
      }
    }
  }

  private void converse(SocketChannel client) throws IOException {
    boolean data = false;
    if (!reply(client, "connect")) {
      return;
    }
    var line = new StringBuilder();
    ByteBuffer block = ByteBuffer.allocate(4096);
    while (client.read(block) >= 0) {
      block.flip();
      while (block.hasRemaining()) {
        char c = (char) (block.get() & 0xff);
        heard.append(c);
        line.append(c);
        if (c == '\n') {
          String command = data ? line.toString().strip() : line.toString().split("[ \r]")[0];
          line.setLength(0);
          if (!data || command.equals(".")) {
            data = command.equals("DATA") && replies.get("DATA").startsWith("354");
            if (!reply(client, command)) {
              return;
            }
          }
        }
      }
      block.clear();
    }
  }

  private boolean reply(SocketChannel client, String command) throws IOException {
    String reply = replies.get(command);
    if (reply.isEmpty()) {
      return false;
    }
    ByteBuffer octets = ByteBuffer.wrap((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    while (octets.hasRemaining()) {
      client.write(octets);
    }
    return true;
  }

  @Override
  public void close() {
    try {
      listening.close();
      thread.join(60_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
