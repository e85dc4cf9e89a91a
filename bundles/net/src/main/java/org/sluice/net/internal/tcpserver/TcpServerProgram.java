package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.base.Signals;
import org.sluice.base.program.SystemUser;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.dns.DnsResolver;
import org.sluice.net.internal.Ident;
import org.sluice.net.internal.Identification;
import org.sluice.net.internal.ListeningSocket;
import org.sluice.net.internal.ReverseName;
import org.sluice.net.internal.RuleFile;

/** {@code tcpserver [options] host port program [arg ...]} (spec 20 section 5). */
@Component(property = {Program.NAME + "=tcpserver", Program.STANDALONE + "=true"})
public final class TcpServerProgram implements Program {
  private final boolean ownProcess;
  private final int identPort;

  /** In a process of its own, which heeds SIGTERM. */
  public TcpServerProgram() {
    this(true, Ident.PORT);
  }

  /** In the server, where only an interrupt ends it. */
  @Activate
  public TcpServerProgram(Map<String, Object> properties) {
    this(false, Ident.PORT);
  }

  TcpServerProgram(boolean ownProcess, int identPort) {
    this.ownProcess = ownProcess;
    this.identPort = identPort;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        "tcpserver",
        () -> {
          var options = ServerOptions.parse(context.arguments(), context.environment());
          try {
            return serve(context, options);
          } catch (ProgramExit e) {
            if (options.verbosity() == ServerOptions.Verbosity.NOTHING) {
              return e.status();
            }
            throw e;
          }
        });
  }

  private int serve(ProgramContext context, ServerOptions options)
      throws ProgramExit, IOException, InterruptedException {
    String hostName = options.host();
    int port = ServicePort.of(options.port());
    List<String> program = options.program();
    var dns = DnsJavaResolver.ofCache(context.environment().get("DNSCACHEIP"));
    InetAddress host = HostAddress.of(dns, context.environment()).find(hostName);
    try (ServerSocket socket = bind(host, port, options.backlog())) {
      Optional<SystemUser> user = RunAs.of(options);
      var log = new ServerLog(context.err(), options.verbosity());
      var rules = options.rules().map(f -> RuleFile.of(PathBytes.resolve(context.directory(), f)));
      var service =
          new Service(context, options, program, log, identification(dns, options), rules, user);
      var server = new AcceptLoop(socket, options.limit(), log, service::serve);
      if (ownProcess) {
        Signals.handle("TERM", server::stop);
      }
      if (options.printPort()) {
        String line = socket.getLocalPort() + "\n";
        context.out().write(line.getBytes(StandardCharsets.US_ASCII));
        context.out().flush();
      }
      if (ownProcess) {
        // Whoever reads the port gets to the end. The JDK does not free the numbers 0 and 1 but
        // puts /dev/null there, so that no connection can become one of them.
        context.in().close();
        context.out().close();
      }
      server.run();
      return ExitCode.OK;
    }
  }

  private static ServerSocket bind(InetAddress host, int port, int backlog) throws ProgramExit {
    try {
      return ListeningSocket.ofChannel(host, port, Math.max(1, backlog));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to bind", e);
    }
  }

  private Identification identification(DnsResolver dns, ServerOptions options) {
    var names = new ReverseName(dns);
    Function<InetAddress, Optional<String>> remoteHost =
        !options.lookup()
            ? address -> Optional.empty()
            : options.paranoid() ? names::checked : names::of;
    return new Identification(
        options.localName().isPresent() ? address -> options.localName() : names::of,
        remoteHost,
        Optional.of(Ident.ofTcpserver(options.identLimit()).at(identPort))
            .filter(ident -> options.ident()));
  }
}
