package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.SystemError;
import org.sluice.base.program.ConnectionDescriptors;
import org.sluice.base.program.IpOptions;
import org.sluice.base.program.SystemUser;
import org.sluice.net.internal.Identification;
import org.sluice.net.internal.RuleFile;
import org.sluice.net.internal.TcpEnvironment;
import org.sluice.net.internal.Verdict;

/**
 * What is done with a connection, in order (spec 20 section 5.3). Thread-safe.
 *
 * @param rules the file of {@code -x}
 */
record Service(
    ProgramContext context,
    ServerOptions options,
    List<String> program,
    ServerLog log,
    Identification identification,
    Optional<RuleFile> rules,
    Optional<SystemUser> user) {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /**
   * Serves a connection to its end; the caller closes it.
   *
   * @param handedOver called on this thread when a program of the operating system has the
   *     connection itself
   * @return the exit status of the program; 100 if the client was denied, 111 if it was dropped
   */
  int serve(Socket socket, long pid, Runnable handedOver) throws InterruptedException {
    var connection = new ConnectionDescriptors(socket, context.output(2), handedOver);
    try {
      return serve(socket, pid, connection);
    } finally {
      connection.finish();
    }
  }

  private int serve(Socket socket, long pid, Descriptors connection) throws InterruptedException {
    try {
      if (options.killIpOptions() && !IpOptions.kill(socket)) {
        LOG.debug("{}: IP options stay: that needs a JDK 22", pid);
      }
      socket.setTcpNoDelay(options.noDelay());
      socket.setKeepAlive(true); // a client that is gone without a word is noticed some day
    } catch (IOException e) {
      LOG.debug("{}: {}", pid, e.toString());
    }
    try {
      socket.getOutputStream().write(options.banner().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return drop("unable to print banner: ", e);
    }
    TcpEnvironment client = identification.of(socket);
    Verdict verdict;
    try {
      verdict = verdict(client);
    } catch (IOException e) {
      return drop("unable to read " + options.rules().orElse("") + ": ", e);
    }
    log.verdict(verdict.denied(), pid, client.variables());
    if (verdict.denied()) {
      return ExitCode.PERMANENT;
    }
    Map<String, String> environment = new HashMap<>(context.environment());
    client.putInto(environment);
    environment.putAll(verdict.variables());
    return run(connection, environment);
  }

  private Verdict verdict(TcpEnvironment client) throws IOException {
    try {
      return rules.isEmpty()
          ? Verdict.ALLOW
          : rules
              .get()
              .check(
                  client.remoteIp(),
                  client.remoteHost().orElse(null),
                  client.remoteInfo().orElse(null));
    } catch (NoSuchFileException e) {
      if (options.missingRulesAllow()) {
        return Verdict.ALLOW;
      }
      throw e;
    }
  }

  private int run(Descriptors connection, Map<String, String> environment)
      throws InterruptedException {
    Execution execution =
        context.execution(program).pathexec().environment(environment).descriptors(connection);
    user.ifPresent(as -> execution.user(as.uid(), as.gid()));
    try {
      return execution.run();
    } catch (IOException e) {
      if (notStarted(e)) {
        return drop("unable to run " + program.get(0) + ": ", e);
      }
      LOG.debug("{}: {}", program.get(0), e.toString());
      return ExitCode.TEMPORARY;
    }
  }

  /** A program of ours may throw one too, for example because its client is gone. */
  private static boolean notStarted(IOException e) {
    return e instanceof FileSystemException
        || String.valueOf(e.getMessage()).startsWith("Cannot run program");
  }

  private int drop(String what, IOException e) {
    log.dropping(what + SystemError.text(e));
    return ExitCode.TEMPORARY;
  }
}
