package org.sluice.smtp.xclient.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.base.Networks;

/** Lets trusted clients, and nobody else, say whom they speak for. */
@Component(
    configurationPid = "org.sluice.smtp.xclient",
    property = {Constants.SERVICE_RANKING + ":Integer=500", SmtpExtension.NAME + "=xclient"})
@Designate(ocd = XclientConfig.class)
public final class Xclient implements SmtpExtension {
  /** The variable with the address of the proxy itself, so that it may say XCLIENT again. */
  private static final String PROXY = "XCLIENTPROXY";

  private final Networks trusted;

  /**
   * For the framework.
   *
   * @throws IllegalArgumentException naming what is no network
   */
  @Activate
  public Xclient(XclientConfig config) {
    this(config.trusted());
  }

  Xclient(String trusted) {
    this.trusted = Networks.of(trusted);
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    Map<String, String> environment = dialogue.session().environment();
    String peer =
        environment.getOrDefault(PROXY, environment.getOrDefault("TCPREMOTEIP", "unknown"));
    return dialogue.onSocket() && trusted.contains(peer)
        ? Optional.of(new Hooks(dialogue, peer))
        : Optional.of(new Refusal());
  }

  /** For a peer that is trusted. */
  private record Hooks(SmtpDialogue dialogue, String peer) implements SmtpHooks {
    @Override
    public List<String> keywords() {
      return List.of("XCLIENT " + Client.ATTRIBUTES);
    }

    @Override
    public SmtpAnswer command(SmtpCommand command) {
      if (!command.verb().equals("xclient")) {
        return SmtpAnswer.pass();
      }
      if (dialogue.transaction().isPresent()) {
        return SmtpAnswer.say(503, "5.5.1", "not within a transaction");
      }
      Optional<SmtpAnswer.Restart> restart = Client.parse(command.argument(), Map.of(PROXY, peer));
      return restart.isPresent()
          ? restart.get()
          : SmtpAnswer.say(501, "5.5.4", "XCLIENT has " + Client.ATTRIBUTES);
    }
  }

  /** For everybody else. */
  private record Refusal() implements SmtpHooks {
    @Override
    public SmtpAnswer command(SmtpCommand command) {
      return command.verb().equals("xclient")
          ? SmtpAnswer.say(550, "5.7.0", "insufficient authorization")
          : SmtpAnswer.pass();
    }
  }
}
