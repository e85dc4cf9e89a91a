package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.base.Child;
import org.sluice.base.FileMessage;
import org.sluice.base.SystemError;
import org.sluice.base.program.SearchPath;

/**
 * Program lines by {@code /bin/sh -c}, with the message as standard input (spec 40 section 8). All
 * that there is of the command agent in a process of the user's.
 */
public final class ShellAgent implements DeliveryAgent {
  private static final Logger LOG = LoggerFactory.getLogger(ShellAgent.class);
  private static final Set<Integer> PERMANENT = Set.of(100, 64, 65, 70, 76, 77, 78, 112);
  private final Shell shell;
  private final SearchPath path;

  /** With the properties of the command agent and {@code sluice.dist}. */
  public ShellAgent(Map<String, String> properties) {
    this(Limits.of(properties), SearchPath.of(properties.get("sluice.dist")));
  }

  /** With a limit of time only. */
  public ShellAgent(Duration time) {
    this(Limits.of(time), new SearchPath(Optional.empty()));
  }

  ShellAgent(Limits limits, SearchPath path) {
    this.shell = new Shell(limits);
    this.path = path;
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    Map<String, String> environment = path.in(delivery.environment());
    if (delivery.message() instanceof FileMessage file) {
      return run(delivery, environment, file.path());
    }
    Path input;
    try {
      input = spool(delivery);
    } catch (IOException e) {
      LOG.warn("message for a program cannot be spooled", e);
      return fail("Unable to read message: " + SystemError.text(e) + ". (#4.3.0)");
    }
    try {
      return run(delivery, environment, input);
    } finally {
      remove(input);
    }
  }

  private DeliveryResult run(Delivery delivery, Map<String, String> environment, Path input)
      throws InterruptedException {
    try {
      return result(shell.run(delivery, environment, input.toFile()));
    } catch (IOException e) {
      LOG.warn("cannot start a program for {}", delivery.recipient(), e);
      String what = SystemError.temporary(e) ? "fork" : "run /bin/sh";
      return fail("Unable to " + what + ": " + SystemError.text(e) + ". (#4.3.0)");
    }
  }

  /** What it printed has been passed on. */
  static DeliveryResult result(int status) {
    if (status == ExitCode.OK) {
      return new DeliveryResult.Delivered("");
    }
    if (status == ExitCode.STOP) {
      return new DeliveryResult.DeliveredStop("");
    }
    if (PERMANENT.contains(status)) {
      return new DeliveryResult.PermFail("");
    }
    // A shell exits likewise if a signal ended the last command; that is temporary too.
    return Child.crashed(status)
        ? fail("Aack, child crashed. (#4.3.0)")
        : new DeliveryResult.TempFail("");
  }

  /** A file, because programs may seek on descriptor 0, and condredirect and others do. */
  private static Path spool(Delivery delivery) throws IOException {
    Path file = Files.createTempFile("sluice-command-", ".eml");
    boolean done = false;
    try (InputStream in = delivery.message().open();
        var out = Files.newOutputStream(file)) {
      in.transferTo(out); // into the file that is private already
      done = true;
      return file;
    } finally {
      if (!done) {
        Files.deleteIfExists(file);
      }
    }
  }

  static DeliveryResult fail(String text) {
    return new DeliveryResult.TempFail(text + "\n");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
  }
}
