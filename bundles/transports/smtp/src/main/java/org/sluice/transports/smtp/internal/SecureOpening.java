package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.sluice.api.mail.ReversePath;

/**
 * The way to MAIL for a message with REQUIRETLS (RFC 8689 section 4.2.1): the server's name can be
 * relied on, TLS proves that the server has it, and within TLS the server promises the same. A
 * report without a sender asks for less, so that it is not lost (section 5): it is never sent in
 * the clear, but to any server that has TLS. Used by one thread.
 *
 * @param report whether the message is a bounce
 */
record SecureOpening(TlsClient tls, Route route, boolean report) {
  static SecureOpening of(TlsClient tls, Route route, Mail mail) {
    String sender = mail.sender();
    return new SecureOpening(
        tls, route, sender.isEmpty() || sender.equals(ReversePath.DOUBLE_BOUNCE.address()));
  }

  /** What there is against a server before it is asked. */
  Optional<RemoteFailure> objection(HostLookup.Target target) {
    return report || tls.relies(route, target.name())
        ? Optional.empty()
        : Optional.of(RemoteFailure.nameNotProven(target.name()));
  }

  /**
   * From the greeting to the answer to EHLO within TLS.
   *
   * @return why it has come to nothing; MAIL has not been said, so another server may be tried
   */
  Optional<RemoteFailure> open(SmtpConnection server, String name, RemoteSettings settings) {
    try {
      server.timeout(settings.remoteMillis());
      greet(server);
      startTls(server, hello(server, settings.helo(), "5.7.10"), name);
      Extensions offered = hello(server, settings.helo(), "5.7.30");
      if (!report && !offered.offers("REQUIRETLS")) {
        throw RemoteFailure.notSecure(server.ip(), "it does not offer REQUIRETLS", "5.7.30");
      }
      server.extensions(offered);
      return Optional.empty();
    } catch (RemoteFailure e) {
      return Optional.of(e);
    } catch (IOException e) {
      return Optional.of(RemoteFailure.died(server.ip(), false, e));
    }
  }

  private static void greet(SmtpConnection server) throws IOException, RemoteFailure {
    ServerReply greeting = server.reply();
    if (greeting.code() != 220) {
      throw RemoteFailure.notNow(server.ip(), "greeting failed", greeting);
    }
  }

  private static Extensions hello(SmtpConnection server, String helo, String status)
      throws IOException, RemoteFailure {
    ServerReply reply = server.command("EHLO " + helo);
    if (reply.permanent()) {
      throw RemoteFailure.notSecure(server.ip(), "it refuses EHLO", status);
    }
    if (reply.code() != 250) {
      throw RemoteFailure.notNow(server.ip(), "my name was rejected", reply);
    }
    return Extensions.of(reply);
  }

  private void startTls(SmtpConnection server, Extensions offered, String name)
      throws IOException, RemoteFailure {
    String ip = server.ip();
    if (!offered.offers("STARTTLS")) {
      throw RemoteFailure.notSecure(ip, "it does not offer STARTTLS", "5.7.10");
    }
    ServerReply reply = server.command("STARTTLS");
    if (reply.permanent()) {
      throw RemoteFailure.notSecure(ip, "it refuses STARTTLS", "5.7.10");
    }
    if (reply.code() != 220) {
      throw RemoteFailure.notNow(ip, "STARTTLS was rejected", reply);
    }
    // Somebody between here and there may have put in what is to count as said within TLS.
    if (!server.reusable()) {
      throw RemoteFailure.notSecure(ip, "it said more than its answer to STARTTLS", "5.7.10");
    }
    try {
      server.secure(
          socket -> {
            try {
              return report ? tls.unproven(socket, name) : tls.proven(socket, name);
            } catch (IOException e) {
              throw RemoteFailure.authorities(e);
            }
          });
    } catch (SSLException e) {
      if (lost(e)) {
        throw e;
      }
      String why = "TLS with " + name + " failed: " + plain(e.getMessage());
      throw RemoteFailure.notSecure(ip, why, "5.7.10");
    }
  }

  /** Whether it is only the connection that has failed. */
  private static boolean lost(SSLException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && !(cause instanceof SSLException)) {
        return true;
      }
    }
    return false;
  }

  /** On one line, in ASCII. */
  private static String plain(String text) {
    return text == null ? "no reason given" : text.replaceAll("[^ -~]+", " ").strip();
  }
}
