package org.sluice.smtp.xclient.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.base.Networks;

/**
 * Lets trusted clients, and nobody else, say whom they speak for: XCLIENT begins the session again
 * for another client, XFORWARD goes into the log and changes nothing.
 */
@Component(
    configurationPid = "org.sluice.smtp.xclient",
    property = {Constants.SERVICE_RANKING + ":Integer=500", SmtpExtension.NAME + "=xclient"})
@Designate(ocd = XclientConfig.class)
public final class Xclient implements SmtpExtension {
  /** The variable with the address of the proxy itself, so that it may say XCLIENT again. */
  private static final String PROXY = "XCLIENTPROXY";

  private static final Set<String> VERBS = Set.of("xclient", "xforward");

  private static final Logger LOG = LoggerFactory.getLogger(Xclient.class);

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
      return List.of("XCLIENT " + Client.ATTRIBUTES, "XFORWARD " + Forward.ATTRIBUTES);
    }

    @Override
    public SmtpAnswer command(SmtpCommand command) {
      if (!VERBS.contains(command.verb())) {
        return SmtpAnswer.pass();
      }
      if (dialogue.transaction().isPresent()) {
        return SmtpAnswer.say(503, "5.5.1", "not within a transaction");
      }
      return command.verb().equals("xclient") ? client(command) : forward(command);
    }

    private SmtpAnswer forward(SmtpCommand command) {
      Optional<String> said = Forward.parse(command.argument());
      said.ifPresent(text -> LOG.info("{}: forwarded: {}", dialogue.session().id(), text));
      return said.isPresent()
          ? SmtpAnswer.say(250, "2.0.0", "ok")
          : SmtpAnswer.say(501, "5.5.4", "XFORWARD has " + Forward.ATTRIBUTES);
    }

    private SmtpAnswer client(SmtpCommand command) {
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
      return VERBS.contains(command.verb())
          ? SmtpAnswer.say(550, "5.7.0", "insufficient authorization")
          : SmtpAnswer.pass();
    }
  }
}
