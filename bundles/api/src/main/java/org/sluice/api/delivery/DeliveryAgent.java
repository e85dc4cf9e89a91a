package org.sluice.api.delivery;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries out one kind of dot-qmail instruction. A service with the property {@value #AGENT}.
 *
 * <p>The kinds {@code maildir}, {@code mbox}, {@code command} and {@code forward} are qmail's own
 * instructions; of several agents of a kind the one with the highest {@code service.ranking} is
 * used. Any other agent claims an instruction of its own: the line {@code !name argument} in a
 * dot-qmail file calls the agent {@code name} with the argument, {@code !name} with an empty one. A
 * name has small letters, digits, {@code -}, {@code _} and {@code .}; a line whose first word after
 * the {@code !} is anything else is an address to forward to, as in qmail. Such a line counts as a
 * program: it is refused in a file with the x bit, and counted as one in {@code did F+W+P}. While
 * no agent has the name, the mail is deferred and tried again soon.
 *
 * <p>Called on the thread of the delivery, many calls at once, and each for as long as it takes. A
 * throw counts as a temporary failure; an interrupt means shut-down or removal: return soon. An
 * agent that goes is waited for.
 */
@ConsumerType
@FunctionalInterface
public interface DeliveryAgent {
  /** Service property: the kind or name. */
  String AGENT = "sluice.agent";

  /**
   * Service property of an agent that touches the user's files, runs programs, or uses the user's
   * rights in another way: the name of the agent class in its bundle that does the same in a
   * process of the user's, where a server that runs as root has it done. That class has a public
   * constructor with a {@code Map<String, String>} for the service properties and {@code
   * sluice.dist}, or else one without parameters. It finds, besides its own bundle, only the Java
   * platform, SLF4J and Sluice's api and base, and no services. Agents without this property are
   * called in the server, with the server's rights, for whatever a user writes.
   */
  String AS_USER = "sluice.agent.as.user";

  /**
   * Delivers; on return with {@code Delivered} or {@code DeliveredStop} the message is on disk, or
   * whoever took it has said so.
   */
  DeliveryResult deliver(Delivery delivery) throws IOException, InterruptedException;
}
