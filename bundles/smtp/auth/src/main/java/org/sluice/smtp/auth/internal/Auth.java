package org.sluice.smtp.auth.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.sluice.api.auth.Logins;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.base.LoginPolicy;
import org.sluice.base.OperatorConfig;
import org.sluice.base.Plaintext;

/** Lets clients log in; SMTPAUTH says whether they must. */
@Component(
    configurationPid = Auth.PID,
    property = {
      Constants.SERVICE_RANKING + ":Integer=900", // after STARTTLS, which may be a must
      SmtpExtension.NAME + "=auth"
    })
@Designate(ocd = AuthConfig.class)
public final class Auth implements SmtpExtension {
  static final String PID = "org.sluice.smtp.auth";

  /** The variable: {@code !} demands a login before MAIL, {@code -} offers none. */
  private static final String VARIABLE = "SMTPAUTH";

  /** What a bad value stands for. */
  private static final Map<String, ?> SAFE =
      Map.of("plaintext", Plaintext.NEVER, "challenges", Plaintext.NEVER);

  private final Policy policy;

  /** Without it there is no AUTH, so that whoever demands it waits for this, too. */
  @Reference(
      cardinality = ReferenceCardinality.MANDATORY,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Logins logins;

  /** By Declarative Services. */
  @Activate
  public Auth(AuthConfig config, Map<String, Object> properties) {
    this(policy(config, properties));
  }

  static Policy policy(AuthConfig typed, Map<String, ?> properties) {
    var config = OperatorConfig.mended(PID, AuthConfig.class, typed, properties, SAFE);
    return new Policy(
        LoginPolicy.of(config.plaintext(), config.challenges()),
        Math.max(1, config.attempts()),
        Duration.ofSeconds(Math.max(0, config.failureDelaySeconds())),
        config.trace());
  }

  private Auth(Policy policy) {
    this.policy = policy;
  }

  Auth(Policy policy, Logins logins) {
    this(policy);
    this.logins = logins;
  }

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    String wish = dialogue.session().environment().getOrDefault(VARIABLE, "");
    return wish.equals("-")
        ? Optional.empty()
        : Optional.of(
            new AuthHooks(dialogue, policy, () -> Optional.ofNullable(logins), wish.equals("!")));
  }

  /** The configuration, checked. */
  record Policy(LoginPolicy logins, int attempts, Duration failureDelay, boolean trace) {}
}
