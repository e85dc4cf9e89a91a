package org.sluice.pop3.stls.internal;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.net.TlsServer;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;
import org.sluice.base.TlsKeys;

/** Offers TLS while there are keys, unless UCSPITLS says that there is none. */
@Component(property = Pop3Extension.NAME + "=stls")
public final class Stls implements Pop3Extension {
  private final TlsKeys keys;

  /** For the framework. */
  @Activate
  public Stls() {
    this(new TlsKeys());
  }

  /** With these keys, for tests. */
  public Stls(TlsKeys keys) {
    this.keys = keys;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindServer(TlsServer service) {
    keys.set(service);
  }

  void unbindServer(TlsServer service) {
    keys.unset(service);
  }

  @Override
  public Optional<Pop3Hooks> join(Pop3Dialogue dialogue) {
    return Optional.of(
        new Pop3Hooks() {
          @Override
          public List<String> capabilities() {
            return !dialogue.loggedIn() && server(dialogue).isPresent()
                ? List.of("STLS")
                : List.of();
          }

          @Override
          public Pop3Answer command(Pop3Command command) {
            return command.verb().equals("stls") && !dialogue.loggedIn()
                ? startTls(dialogue, command.argument())
                : Pop3Answer.pass();
          }
        });
  }

  private Pop3Answer startTls(Pop3Dialogue dialogue, String argument) {
    if (!argument.isEmpty()) {
      return new Pop3Answer.Error("syntax error");
    }
    Optional<TlsServer> server = server(dialogue);
    return server.isPresent()
        ? new Pop3Answer.StartTls("begin TLS", server.get())
        : new Pop3Answer.Error("no TLS now");
  }

  /** With whose keys TLS may begin now; waits a moment for keys that are being replaced. */
  private Optional<TlsServer> server(Pop3Dialogue dialogue) {
    boolean offered = !dialogue.environment().getOrDefault("UCSPITLS", "").equals("-");
    return offered && dialogue.tls().isEmpty()
        ? keys.soon().filter(TlsServer::ready)
        : Optional.empty();
  }
}
