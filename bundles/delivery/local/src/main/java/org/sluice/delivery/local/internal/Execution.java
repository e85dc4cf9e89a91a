package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;

/** Carries out instructions in order, forwards last and together (spec 40 section 7.3). */
final class Execution {
  private final Printer printer;
  private final Step caller;
  private final List<String> forwards = new ArrayList<>();
  private int files;
  private int programs;

  /** Calls an agent. */
  @FunctionalInterface
  interface Step {
    DeliveryResult call(String kind, String text) throws InterruptedException;
  }

  Execution(Printer printer, Step caller) {
    this.printer = printer;
    this.caller = caller;
  }

  /** Any failure ends it at once: what is done stays done, and nothing is forwarded. */
  Exit run(List<Instruction> instructions) throws IOException, InterruptedException {
    for (Instruction instruction : instructions) {
      count(instruction);
      if (instruction.kind() == Instruction.Kind.FORWARD) {
        continue;
      }
      Exit exit = step(instruction);
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
    DeliveryResult result = caller.call("forward", String.join("\n", forwards));
    // The number in the queue comes after the counts.
    return result instanceof DeliveryResult.Delivered done ? did(done.detail()) : printed(result);
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

  private Exit step(Instruction instruction) throws IOException, InterruptedException {
    return instruction.kind() == Instruction.Kind.ERROR
        ? error(instruction)
        : printed(caller.call(instruction.agent(), instruction.text()));
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
