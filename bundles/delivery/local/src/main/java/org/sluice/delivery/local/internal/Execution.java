package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;

/** Carries out instructions in order, forwards last and together (spec 40 section 7.3). */
final class Execution {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private final Agents agents;
  private final Delivery template;
  private final Report report = new Report();
  private final List<String> forwards = new ArrayList<>();
  private int files;
  private int programs;

  Execution(Agents agents, Delivery template) {
    this.agents = agents;
    this.template = template;
  }

  /** Any failure ends it at once: what is done stays done, and nothing is forwarded. */
  DeliveryResult run(List<Instruction> instructions) throws InterruptedException {
    for (Instruction instruction : instructions) {
      DeliveryResult result = step(instruction);
      if (result instanceof DeliveryResult.Delivered done) {
        report.print(done.detail());
      } else if (result instanceof DeliveryResult.DeliveredStop stop) {
        report.print(stop.detail());
        break;
      } else {
        return report.end(result);
      }
    }
    String queued = "";
    if (!forwards.isEmpty()) {
      DeliveryResult result = call("forward", String.join("\n", forwards));
      if (!(result instanceof DeliveryResult.Delivered done)) {
        return report.end(result);
      }
      queued = done.detail();
    }
    String did = "did " + files + "+" + forwards.size() + "+" + programs + "\n" + queued;
    return report.end(new DeliveryResult.Delivered(did));
  }

  private DeliveryResult step(Instruction instruction) throws InterruptedException {
    switch (instruction.kind()) {
      case ERROR:
        return new DeliveryResult.TempFail(instruction.text() + "\n");
      case FORWARD:
        forwards.add(instruction.text());
        return new DeliveryResult.Delivered("");
      case COMMAND:
        programs++;
        break;
      default:
        files++;
    }
    return call(instruction.kind().agent(), instruction.text());
  }

  private DeliveryResult call(String kind, String text) throws InterruptedException {
    Optional<AgentEntry> agent = agents.enter(kind);
    if (agent.isEmpty()) {
      String why = "No agent for " + kind + " deliveries at the moment. (#4.3.0)\n";
      return new DeliveryResult.TempFail(why, Optional.of(SOON));
    }
    try {
      return agent.get().deliver(with(text));
    } catch (IOException | RuntimeException e) {
      LOG.warn("agent {} failed for {}", kind, template.recipient(), e);
      return new DeliveryResult.TempFail("Temporary error in " + kind + " delivery. (#4.3.0)\n");
    }
  }

  private Delivery with(String text) {
    return new Delivery(
        text,
        template.user(),
        template.sender(),
        template.recipient(),
        template.returnPath(),
        template.deliveredTo(),
        template.fromLine(),
        template.environment(),
        template.message(),
        template.queue());
  }
}
