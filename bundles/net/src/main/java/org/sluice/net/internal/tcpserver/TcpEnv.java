package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.net.internal.Ident;
import org.sluice.net.internal.Identification;
import org.sluice.net.internal.ReverseName;

/**
 * {@code tcp-env [-rR] [-tTIMEOUT] program [arg ...]}: tcpserver's environment for a program under
 * inetd (spec 20 section 6.1). Prints nothing.
 */
@Component(property = {Program.NAME + "=tcp-env", Program.STANDALONE + "=true"})
public final class TcpEnv implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(TcpEnv.class);
  private static final String SOFT_ERROR = "softdnserror";

  /** Finds the connection on descriptor 0. */
  @FunctionalInterface
  interface Inherited {
    Channel channel() throws IOException;
  }

  private final Inherited inherited;
  private final int identPort;

  /** In a process of its own, whose descriptor 0 may be a connection. */
  public TcpEnv() {
    this(System::inheritedChannel);
  }

  /** In the server, whose descriptors are none of the caller's. */
  @Activate
  public TcpEnv(Map<String, Object> properties) {
    this(() -> null);
  }

  TcpEnv(Inherited inherited) {
    this(inherited, Ident.PORT);
  }

  TcpEnv(Inherited inherited, int identPort) {
    this.inherited = inherited;
    this.identPort = identPort;
  }

  @Override
  public int run(ProgramContext context) throws InterruptedException {
    var options = TcpEnvOptions.parse(context.arguments());
    if (options.program().isEmpty()) {
      return ExitCode.TEMPORARY;
    }
    Map<String, String> environment = new HashMap<>(context.environment());
    try {
      if (!"TCP".equals(environment.get("PROTO"))) {
        if (!(inherited.channel() instanceof SocketChannel connection)
            || !(connection.getRemoteAddress() instanceof InetSocketAddress)) { // a UNIX socket
          return ExitCode.TEMPORARY;
        }
        identify(connection.socket(), options, environment);
      }
      return context.execution(options.program()).environment(environment).run();
    } catch (IOException e) {
      LOG.debug("{}: {}", options.program().get(0), e.toString());
      return ExitCode.TEMPORARY;
    }
  }

  private void identify(Socket connection, TcpEnvOptions options, Map<String, String> environment)
      throws UnknownHostException {
    var names = new ReverseName(DnsJavaResolver.ofCache(environment.get("DNSCACHEIP")));
    var limit = Duration.ofSeconds(options.seconds());
    new Identification(
            address -> name(names, address),
            address -> name(names, address),
            Optional.of(Ident.ofTcpEnv(limit).at(identPort)).filter(ident -> options.ident()))
        .of(connection)
        .putInto(environment);
  }

  /** To qmail's resolver the root is the empty name. */
  private static Optional<String> name(ReverseName names, InetAddress address) {
    try {
      return names.find(address).map(name -> name.equals(ReverseName.ROOT) ? "" : name);
    } catch (IOException e) {
      return Optional.of(SOFT_ERROR);
    }
  }
}
