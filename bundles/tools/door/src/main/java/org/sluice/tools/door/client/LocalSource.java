package org.sluice.tools.door.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ExternalQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.RunContext;

/** Our programs as a process outside the server reaches them: itself, or through the door. */
final class LocalSource implements ProgramSource {
  private static final String QUEUE = "qmail-queue";

  /** In octal (proc(5)). */
  private static final String UMASK = "Umask:";

  private final Standalone standalone;
  private final Path home;
  private final Path door;

  LocalSource(Path distribution, Path home) {
    this.standalone = new Standalone(distribution, home);
    this.home = home;
    this.door = home.resolve("run").resolve("door");
  }

  @Override
  public OptionalInt run(String name, ProgramContext context)
      throws IOException, InterruptedException {
    Optional<Program> own = standalone.find(name);
    if (own.isPresent()) {
      return OptionalInt.of(own.get().run(context) & 0xff);
    }
    if (!Refusal.knows(name)) {
      return reachesServer() ? server(name, context) : OptionalInt.empty();
    }
    String why = missing();
    try {
      OptionalInt status = reachesServer() ? server(name, context) : OptionalInt.empty();
      if (status.isPresent()) {
        return status;
      }
    } catch (NoServerException e) {
      why = e.getMessage();
    }
    Refusal.say(name, why, context);
    return OptionalInt.of(ExitCode.TEMPORARY);
  }

  /** Why there is no such program here. */
  String missing() {
    return (reachesServer()
            ? "no such program, neither here nor in the server in " + home
            : unreachable())
        + passedOver();
  }

  private String unreachable() {
    // Where this user may not look, nothing can be said of the server but that.
    String why =
        Files.notExists(door)
            ? "which is not running; 'sluice start' starts it"
            : "which only its own user may use";
    return "is run by the server in " + home + ", " + why;
  }

  /** Whether there seems to be a server. */
  private boolean reachesServer() {
    return Files.exists(door);
  }

  /**
   * Why a program may have been missed: the jars that could not be read; empty if there is none.
   */
  String passedOver() {
    var text = new StringBuilder();
    standalone.unreadable().forEach((jar, why) -> text.append("; cannot read " + jar + ": " + why));
    return text.toString();
  }

  private OptionalInt server(String name, ProgramContext context)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(name));
    words.addAll(context.arguments());
    return new DoorClient(door, ((RunContext) context).descriptors())
        .call(words, environment(name, context), context.directory());
  }

  /**
   * The program that checkpassword runs is a child of the server, and is to have the umask of this
   * process all the same: checkpassword takes it from a variable that it does not pass on.
   */
  private static Map<String, String> environment(String name, ProgramContext context)
      throws IOException {
    if (!name.equals("checkpassword")) {
      return context.environment();
    }
    Map<String, String> environment = new HashMap<>(context.environment());
    try (var lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
      lines
          .filter(line -> line.startsWith(UMASK))
          .findFirst()
          .ifPresent(
              line -> environment.put("SLUICE_UMASK", line.substring(UMASK.length()).strip()));
    }
    return environment;
  }

  @Override
  public MailQueue queue(ProgramContext context) {
    return new ExternalQueue(QUEUE, context::execution, () -> tell(context));
  }

  /** Without a server qmail's words for that come, which do not tell the reason: before them. */
  private void tell(ProgramContext context) {
    if (reachesServer()) {
      return;
    }
    String text = QUEUE + ": " + unreachable() + "\n";
    try {
      context.err().write(text.getBytes(StandardCharsets.ISO_8859_1));
      context.err().flush();
    } catch (IOException e) {
      // Who has no descriptor 2 is not told.
    }
  }
}
