package org.sluice.net.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.sluice.dns.DnsJavaResolver;

/**
 * Finds out who a client is (spec 20 section 5.3, steps 4 to 6). Thread-safe if its parts are.
 *
 * @param localHost TCPLOCALHOST of an address of this machine
 * @param remoteHost TCPREMOTEHOST of the client's address
 * @param ident whom to ask for TCPREMOTEINFO, if anybody
 */
public record Identification(
    Function<InetAddress, Optional<String>> localHost,
    Function<InetAddress, Optional<String>> remoteHost,
    Optional<Ident> ident) {

  /** By the configuration of a listener; the DNS is made only if it is needed. */
  static Identification of(NetConfig config, String dnsServer) throws UnknownHostException {
    var localName = Optional.ofNullable(config.localName()).filter(name -> !name.isEmpty());
    boolean local = config.localLookup() && localName.isEmpty();
    Function<InetAddress, Optional<String>> localHost = address -> localName;
    Function<InetAddress, Optional<String>> remoteHost = address -> Optional.empty();
    if (local || config.lookup()) {
      var names = new ReverseName(DnsJavaResolver.configured(dnsServer));
      localHost = local ? names::of : localHost;
      remoteHost = !config.lookup() ? remoteHost : config.paranoid() ? names::checked : names::of;
    }
    var limit = Duration.ofSeconds(Math.max(1, config.identSeconds()));
    return new Identification(
        localHost,
        remoteHost,
        config.ident() ? Optional.of(Ident.ofTcpserver(limit)) : Optional.empty());
  }

  /** Looks at a connection, and may take the time that DNS and ident take. */
  public TcpEnvironment of(Socket socket) {
    return of(
        new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()),
        new InetSocketAddress(socket.getInetAddress(), socket.getPort()));
  }

  /** Likewise for a connection that may be somebody else's, a proxy's. */
  TcpEnvironment of(InetSocketAddress local, InetSocketAddress remote) {
    return new TcpEnvironment(
        local,
        remote,
        localHost.apply(local.getAddress()),
        remoteHost.apply(remote.getAddress()),
        ident.flatMap(asked -> asked.ask(local, remote)));
  }
}
