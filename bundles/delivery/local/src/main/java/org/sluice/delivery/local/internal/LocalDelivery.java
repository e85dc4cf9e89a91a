package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;

/** The job of qmail-local: one message, one address (spec 40 section 6.3). */
final class LocalDelivery {
  /** The default instructions, asked for only when an account has none of its own. */
  @FunctionalInterface
  interface Defaults {
    String text() throws IOException;
  }

  private final Agents agents;
  private final Defaults defaults;
  private final Clock clock;

  LocalDelivery(Agents agents, Defaults defaults, Clock clock) {
    this.agents = agents;
    this.defaults = defaults;
    this.clock = clock;
  }

  /** Delivers to this account. */
  DeliveryResult deliver(Attempt attempt, LocalUser user) throws IOException, InterruptedException {
    var recipient = new Recipient(attempt.recipient());
    var variables =
        new Variables(
            user.name(),
            user.home().toString(),
            recipient.local(),
            recipient.domain(),
            user.extension(),
            attempt.sender().address());
    try {
      Home.check(user.home());
      String deliveredTo = variables.deliveredTo();
      Loop.check(attempt.message(), deliveredTo);
      DotQmail file = DotQmail.find(user.home(), user.dash(), user.extension());
      ReversePath newSender = Owner.sender(user.home(), user.dash(), variables);
      boolean own = !file.text().isEmpty();
      var instructions =
          own
              ? Instruction.parse(file.text(), file.executable())
              : Instruction.parse(defaults.text(), false);
      String fromLine = variables.fromLine(clock.instant());
      boolean commands = instructions.stream().anyMatch(i -> i.kind() == Instruction.Kind.COMMAND);
      Map<String, String> environment =
          commands
              ? variables.environment(newSender.address(), fromLine, file.defaultPart())
              : Map.of();
      var template =
          new Delivery(
              "",
              user,
              newSender,
              variables.recipient(),
              variables.returnPath(),
              deliveredTo,
              fromLine,
              environment,
              attempt.message(),
              attempt.queue());
      return new Execution(agents, template).run(instructions);
    } catch (Refusal e) {
      return e.result();
    }
  }
}
