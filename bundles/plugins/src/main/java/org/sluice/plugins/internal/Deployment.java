package org.sluice.plugins.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A bundle that was made of a plugin's file. Changed by one thread, looked at by any. */
final class Deployment {
  private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([^)]+)\\)");
  private static final Pattern VERSIONS =
      Pattern.compile("\\(version>=([^)]+)\\)(?:\\(!\\(version>=([^)]+)\\)\\))?");

  private final Bundle bundle;
  private final Limits limits;
  private volatile PluginFile file;
  private volatile PluginJar jar;
  private volatile String trouble = "";
  private boolean begun;

  /** The last one, if it has not ended in time; until then the framework lets nobody touch it. */
  private volatile Optional<Step> late = Optional.empty();

  Deployment(Bundle bundle, PluginFile file, PluginJar jar, Limits limits) {
    this.bundle = bundle;
    this.limits = limits;
    this.file = file;
    this.jar = jar;
  }

  /** A bundle that is there already: it counts as what the file is, unless that is younger. */
  static Deployment adopted(Bundle bundle, PluginFile file, Limits limits) {
    Turn turn = Turn.of(bundle.getHeaders()::get);
    var jar = PluginJar.unknown(bundle.getSymbolicName(), bundle.getVersion(), turn);
    if (file.good().isEmpty()) {
      file.use(Optional.of(jar));
    }
    PluginJar good = file.good().get();
    boolean same =
        good.identity().equals(jar.identity())
            && file.path().toFile().lastModified() <= bundle.getLastModified();
    var adopted = new Deployment(bundle, file, same ? good : jar, limits);
    adopted.begun = true;
    return adopted;
  }

  Bundle bundle() {
    return bundle;
  }

  PluginFile file() {
    return file;
  }

  PluginJar jar() {
    return jar;
  }

  /** Why it is not active; empty if it was not tried or nothing is wrong. */
  String trouble() {
    return trouble;
  }

  void moved(PluginFile to) {
    file = to;
  }

  void updated(PluginJar to) {
    jar = to;
    trouble = "";
  }

  boolean fragment() {
    return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
  }

  private boolean runs() {
    return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
  }

  /** One that somebody has stopped by hand stays so. */
  private boolean wanted() {
    return !begun || bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
  }

  private boolean busy() {
    return late.isPresent() && !late.get().ended();
  }

  /** Whether what has not ended in time has ended since; true once. */
  boolean caughtUp() throws InterruptedException {
    if (late.isEmpty() || busy()) {
      return false;
    }
    Optional<Throwable> failure = late.get().failure();
    late = Optional.empty();
    trouble = failure.map(Deployment::explain).orElse("");
    return true;
  }

  /** Interrupts what has not ended in time. On any thread. */
  void interrupt() {
    late.ifPresent(Step::interrupt);
  }

  /** What it has thrown; if it does not end in time, that is the trouble from now on. */
  private Optional<Throwable> run(String what, Duration limit, Step.Task task)
      throws InterruptedException {
    Step step = Step.begin(task);
    if (step.ends(limit)) {
      return step.failure();
    }
    trouble = "its " + what + " does not end";
    late = Optional.of(step);
    return Optional.empty();
  }

  /**
   * Until the next start, whoever wants it running. False if code of the plugin does not come to an
   * end, so that nothing can be done with it at the moment; it is interrupted.
   */
  boolean stop() throws InterruptedException {
    if (busy()) {
      interrupt();
      late.get().ends(limits.interrupted());
    }
    caughtUp();
    if (!fragment() && !busy()) {
      run("stop", limits.stop(), () -> bundle.stop(Bundle.STOP_TRANSIENT))
          // and is stopped nevertheless
          .ifPresent(e -> trouble = "it could not be stopped: " + e.getMessage());
    }
    return !busy();
  }

  /** Starts it unless it runs; true if there is news about why it does not. */
  boolean start() throws InterruptedException {
    int state = bundle.getState();
    if (state == Bundle.UNINSTALLED || busy() || fragment() || runs() || !wanted()) {
      return false;
    }
    begun = true;
    String before = trouble;
    Optional<Throwable> failure =
        run("start", limits.start(), () -> bundle.start(Bundle.START_ACTIVATION_POLICY));
    if (late.isEmpty()) {
      trouble = failure.map(Deployment::explain).orElse("");
    }
    return !trouble.isEmpty() && !trouble.equals(before);
  }

  /** The cause in an operator's words. */
  private static String explain(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    int more = text.indexOf(" Unresolved requirements:");
    Matcher found = PACKAGE.matcher(more < 0 ? text : text.substring(0, more));
    String missing = "";
    while (found.find()) { // the last one is the root of a chain
      missing = found.group(1);
      Matcher versions = VERSIONS.matcher(text).region(found.end(), text.length());
      if (versions.lookingAt()) {
        String below = versions.group(2) == null ? "" : " and below " + versions.group(2);
        missing += " of version " + versions.group(1) + below;
      }
    }
    if (!missing.isEmpty()) {
      return "no bundle exports the package " + missing + ": add that bundle as well";
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return "it cannot be started: " + cause;
  }

  /** Why its bundle does nothing; empty if it is at work. */
  String inactive() {
    if (busy()) {
      return trouble;
    }
    if (runs() || fragment() && bundle.getState() == Bundle.RESOLVED) {
      return "";
    }
    return trouble.isEmpty() ? "bundle " + bundle.getBundleId() + " has been stopped" : trouble;
  }
}
