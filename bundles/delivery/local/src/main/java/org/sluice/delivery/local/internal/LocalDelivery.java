package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/** The job of qmail-local: one message, one address (spec 40 section 6.3). */
final class LocalDelivery {
  /** The default instructions, asked for only when an account has none of its own. */
  @FunctionalInterface
  interface Defaults {
    String text() throws Refusal;
  }

  /**
   * What a delivery has around it.
   *
   * @param environment what commands inherit
   * @param defaults the argument aliasempty
   * @param queue where forwards go
   * @param printer descriptors 1 and 2
   */
  record Surroundings(
      Map<String, String> environment, Defaults defaults, MailQueue queue, Printer printer) {
    private Delivery delivery(
        Variables variables,
        ReversePath newSender,
        String fromLine,
        Map<String, String> commandEnvironment,
        MessageSource message) {
      return new Delivery(
          "",
          variables.arguments().user(),
          newSender,
          variables.recipient(),
          variables.returnPath(),
          variables.deliveredTo(),
          fromLine,
          commandEnvironment,
          message,
          queue,
          printer.out(),
          printer.err());
    }
  }

  private final Caller agents;
  private final Clock clock;

  LocalDelivery(Caller agents, Clock clock) {
    this.agents = agents;
    this.clock = clock;
  }

  /** Delivers; whatever there is to say has been printed on return. */
  Exit deliver(Arguments arguments, Mail mail, Surroundings around)
      throws IOException, InterruptedException {
    try {
      Home.check(arguments, around.printer());
      var variables = new Variables(arguments);
      Optional<MessageSource> message = Optional.empty();
      if (!arguments.dry()) {
        message = Optional.of(mail.open());
        Loop.check(message.get(), variables.deliveredTo());
      }
      LocalUser user = arguments.user();
      DotQmail file = DotQmail.find(user.home(), user.dash(), user.extension());
      ReversePath newSender = Owner.sender(arguments);
      List<Instruction> instructions = instructions(file, around.defaults());
      if (message.isEmpty()) {
        return new Execution(around.printer()).tell(instructions);
      }
      boolean programs = instructions.stream().anyMatch(i -> i.kind() == Instruction.Kind.PROGRAM);
      String fromLine = variables.fromLine(clock.instant());
      Map<String, String> environment =
          programs
              ? variables.environment(
                  around.environment(), newSender.address(), fromLine, file.defaultPart())
              : Map.of();
      Delivery delivery =
          around.delivery(variables, newSender, fromLine, environment, message.get());
      return new Execution(around.printer()).run(instructions, agents, delivery);
    } catch (Refusal e) {
      around.printer().complain(e.getMessage() + "\n");
      return e.exit();
    }
  }

  private static List<Instruction> instructions(DotQmail file, Defaults defaults) throws Refusal {
    return file.text().isEmpty()
        ? Instruction.parse(defaults.text(), false)
        : Instruction.parse(file.text(), file.executable());
  }
}
