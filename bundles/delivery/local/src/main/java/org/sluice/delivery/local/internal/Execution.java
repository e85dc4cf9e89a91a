package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;

/** Carries out instructions in order, forwards last and together (spec 40 section 7.3). */
final class Execution {
  private final Printer printer;
  private final List<String> forwards = new ArrayList<>();
  private int files;
  private int programs;

  Execution(Printer printer) {
    this.printer = printer;
  }

  /** Any failure ends it at once: what is done stays done, and nothing is forwarded. */
  Exit run(List<Instruction> instructions, Caller agents, Delivery delivery)
      throws IOException, InterruptedException {
    // All agents must be there, or what precedes would be delivered again with the next attempt.
    for (String agent : needed(instructions)) {
      Optional<DeliveryResult> missing = agents.missing(agent);
      if (missing.isPresent()) {
        return printed(missing.get());
      }
    }
    for (Instruction instruction : instructions) {
      count(instruction);
      if (instruction.kind() == Instruction.Kind.FORWARD) {
        continue;
      }
      Exit exit =
          instruction.kind() == Instruction.Kind.ERROR
              ? error(instruction)
              : printed(agents.call(instruction.agent(), delivery.with(instruction.text())));
      if (exit.status() == ExitCode.STOP) {
        break;
      }
      if (exit.status() != ExitCode.OK) {
        return exit;
      }
    }
    if (forwards.isEmpty()) {
      return did("");
    }
    DeliveryResult result = agents.call("forward", delivery.with(String.join("\n", forwards)));
    // The number in the queue comes after the counts.
    return result instanceof DeliveryResult.Delivered done ? did(done.detail()) : printed(result);
  }

  private static Set<String> needed(List<Instruction> instructions) {
    Set<String> agents = new LinkedHashSet<>();
    for (Instruction instruction : instructions) {
      if (instruction.kind() != Instruction.Kind.ERROR) {
        agents.add(instruction.agent());
      }
    }
    return agents;
  }

  /** Option -n: the lines as they are met. */
  Exit tell(List<Instruction> instructions) throws IOException {
    for (Instruction instruction : instructions) {
      count(instruction);
      if (instruction.kind() == Instruction.Kind.ERROR) {
        return error(instruction);
      }
      printer.print(instruction.printed() + "\n");
    }
    return did("");
  }

  private void count(Instruction instruction) {
    switch (instruction.kind()) {
      case FILE -> files++;
      case PROGRAM -> programs++;
      case FORWARD -> forwards.add(instruction.text());
      case ERROR -> {}
    }
  }

  private Exit error(Instruction instruction) throws IOException {
    printer.complain(instruction.text() + "\n");
    return new Exit(ExitCode.TEMPORARY);
  }

  private Exit did(String queued) throws IOException {
    printer.print("did " + files + "+" + forwards.size() + "+" + programs + "\n" + queued);
    return Exit.OK;
  }

  private Exit printed(DeliveryResult result) throws IOException {
    if (result instanceof DeliveryResult.Delivered done) {
      printer.print(done.detail());
      return Exit.OK;
    }
    if (result instanceof DeliveryResult.DeliveredStop stop) {
      printer.print(stop.detail());
      return new Exit(ExitCode.STOP);
    }
    if (result instanceof DeliveryResult.PermFail failure) {
      printer.complain(failure.why());
      return new Exit(ExitCode.PERMANENT);
    }
    if (result instanceof DeliveryResult.TempFail deferral) {
      printer.complain(deferral.why());
      return new Exit(ExitCode.TEMPORARY, deferral.retryAfter());
    }
    throw new IllegalStateException("an agent gave no result");
  }
}
