package org.sluice.net.internal;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.net.ClientLimits;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.base.Networks;
import org.sluice.base.TlsKeys;

/** A server on a free loopback port with settings that a test changes before it starts. */
final class Harness implements AutoCloseable {
  final Handlers handlers = new Handlers();
  Path home;
  String name = "echo";
  int port;
  int limit = 40;
  int perAddress;
  int rate;
  int leastRate = 100;
  Duration window = Eviction.WINDOW;
  String address = "127.0.0.1";
  Identification identification =
      new Identification(
          local -> Optional.of("here.example"), remote -> Optional.empty(), Optional.empty());
  RuleSource rules = RuleSource.NONE;
  Map<String, String> environment = Map.of();
  Duration drain = Duration.ofMillis(500);
  Duration timeout = Duration.ofSeconds(20);
  boolean implicitTls;
  final TlsKeys tls = new TlsKeys();
  String proxies = "";
  boolean verbose;
  final Extensions extensions = new Extensions();
  Server server;

  Harness() {
    extensions.clients().bind(new AddressCounter());
    extensions.proxies().bind(new LineProxy());
  }

  Harness start() {
    server = new Server(settings(), handlers, tls, extensions, rules, identification, 50, window);
    server.start();
    return this;
  }

  /** The server takes the settings as they are now. */
  void change() {
    server.change(settings(), handlers, rules, identification);
  }

  /** What a session of such a server is given. */
  SessionTask.Listener listener() {
    var settings = settings();
    return new SessionTask.Listener(
        settings,
        identification,
        Admission.of(settings, rules),
        handlers,
        tls,
        extensions.proxies(),
        new ConnectionLog());
  }

  private Settings settings() {
    return new Settings(
        name + "-1",
        home,
        address,
        port,
        "echo",
        name,
        limit,
        new ClientLimits(perAddress, rate, 0, 0, 24, 48),
        leastRate,
        1024,
        null,
        environment,
        drain,
        timeout,
        implicitTls,
        Networks.of(proxies),
        verbose);
  }

  Harness with(ConnectionHandler handler) {
    handlers.add(1, 0, handler);
    return this;
  }

  Client client() throws IOException {
    return new Client(server.address().getPort());
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
