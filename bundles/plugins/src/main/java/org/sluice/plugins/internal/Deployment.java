package org.sluice.plugins.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A bundle that was made of a plugin's file. Changed by one thread, looked at by any. */
final class Deployment {
  private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([^)]+)\\)");
  private static final Pattern VERSIONS =
      Pattern.compile("\\(version>=([^)]+)\\)(?:\\(!\\(version>=([^)]+)\\)\\))?");

  private final Bundle bundle;
  private volatile PluginFile file;
  private volatile PluginJar jar;
  private volatile String trouble = "";
  private boolean begun;

  Deployment(Bundle bundle, PluginFile file, PluginJar jar) {
    this.bundle = bundle;
    this.file = file;
    this.jar = jar;
  }

  /** A bundle that is there already: it counts as what the file is, unless that is younger. */
  static Deployment adopted(Bundle bundle, PluginFile file) {
    String provides = bundle.getHeaders().get(Constants.PROVIDE_CAPABILITY);
    String name = bundle.getSymbolicName();
    var jar = PluginJar.unknown(name, bundle.getVersion(), provides);
    if (file.good().isEmpty()) {
      file.use(Optional.of(jar));
    }
    PluginJar good = file.good().get();
    boolean same =
        good.identity().equals(jar.identity())
            && file.path().toFile().lastModified() <= bundle.getLastModified();
    var adopted = new Deployment(bundle, file, same ? good : jar);
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

  /** Until the next start, whoever wants it running. */
  void stop() {
    try {
      if (!fragment()) {
        bundle.stop(Bundle.STOP_TRANSIENT);
      }
    } catch (BundleException e) {
      trouble = "it could not be stopped: " + e.getMessage(); // and is stopped nevertheless
    }
  }

  /** Starts it unless it runs; true if there is news about why it does not. */
  boolean start() {
    if (bundle.getState() == Bundle.UNINSTALLED || fragment() || runs() || !wanted()) {
      return false;
    }
    begun = true;
    String before = trouble;
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
      trouble = "";
    } catch (BundleException | IllegalStateException e) {
      trouble = explain(e);
    }
    return !trouble.isEmpty() && !trouble.equals(before);
  }

  /** The cause in an operator's words. */
  private static String explain(Exception failure) {
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
    if (runs() || fragment() && bundle.getState() == Bundle.RESOLVED) {
      return "";
    }
    return trouble.isEmpty() ? "bundle " + bundle.getBundleId() + " has been stopped" : trouble;
  }
}
