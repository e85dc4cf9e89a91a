package org.sluice.api.program;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One qmail-style program: arguments, environment and streams in, an exit status out (DESIGN.md
 * section 1). Registered as a service with the property {@value #NAME}; reached in process from a
 * dot-qmail line, from the command line and from the console.
 *
 * <p>Called on any thread, by many callers at once. A program keeps no state between calls, never
 * ends the JVM and never reads the JVM's own environment. A throw counts as a temporary failure
 * (111). An interrupt asks the program to end soon.
 */
@ConsumerType
@FunctionalInterface
public interface Program {
  /** Service property: the program's name, for example {@code forward}. */
  String NAME = "sluice.program";

  /**
   * Service property, true or false (default): whether {@code bin/<program>} runs it in a process
   * of its own, as the calling user, without the server. Such a component's constructor takes
   * nothing, or one {@link org.sluice.api.control.Control}.
   */
  String STANDALONE = "sluice.program.standalone";

  /**
   * Service property, true or false (default): whether it runs until its caller has no more work
   * for it, however long that takes. When it leaves, its calls are interrupted at once, to finish
   * what they have begun and return; the calls of others get time to end before they are.
   */
  String DAEMON = "sluice.program.daemon";

  /**
   * Service property, true or false (default), which may change: whether whoever has registered
   * this program is about to bring further ones, so that one that is not there is worth waiting
   * for.
   */
  String MORE = "sluice.program.more";

  /** Runs to its end; the exit status is 0 to 255, see {@link ExitCode}. */
  int run(ProgramContext context) throws IOException, InterruptedException;
}
