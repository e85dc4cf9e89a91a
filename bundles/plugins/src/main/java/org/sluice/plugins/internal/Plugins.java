package org.sluice.plugins.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Makes the framework's bundles follow the files, one scan after the other on one thread. Between
 * two scans holds:
 *
 * <ul>
 *   <li>Each deployment has one file that is there, and no file has two. What the deployment's
 *       bundle was made of is what that file held when it last was a whole bundle.
 *   <li>No two deployments have the same symbolic name and version; a further file with them stands
 *       by, and takes the bundle over, running as it is, when the first one goes.
 *   <li>A file that is a whole bundle has a deployment, or its trouble says why not.
 * </ul>
 */
final class Plugins {
  private final BundleContext context;
  private final List<Path> directories;
  private final Journal journal;
  private final Limits limits;
  private final Map<Path, PluginFile> files = new LinkedHashMap<>();
  private final List<Deployment> deployed = new CopyOnWriteArrayList<>();
  private final AtomicBoolean changed = new AtomicBoolean();
  private volatile List<Standing> standing = List.of();
  private final Strays strays;
  private Stage next = Stage.CHANGES;
  private boolean adopted;
  private long copies;

  /** A file and what has become of it. */
  record Standing(PluginFile file, Optional<Deployment> deployment) {}

  /**
   * Nothing is read before the first scan.
   *
   * @param directories absolute
   */
  Plugins(BundleContext context, List<Path> directories, Journal journal, Limits limits) {
    this.context = context;
    this.limits = limits;
    this.directories = List.copyOf(directories);
    this.journal = journal;
    this.strays = new Strays(journal);
  }

  /** Bundles have changed, so that one that could not be started may be now. On any thread. */
  void changed() {
    changed.set(true);
  }

  /** The files as the last scan has left them. On any thread. */
  List<Standing> standing() {
    return standing;
  }

  /** What lies there, or should, and is not among the files, and why. On any thread. */
  Map<Path, String> strays() {
    return strays.all();
  }

  /** How many bundles are there. */
  int count() {
    return deployed.size();
  }

  /** Whether to go on with the first scans; may wait. */
  interface Patience {
    boolean more() throws InterruptedException;
  }

  /**
   * The first scan; further ones while a plugin is not there for what may pass, a full disk or a
   * directory that cannot be read. What is not there in the end is told of as an error. What mail
   * does not go through is left to the next scan.
   */
  void begin(Patience patience) throws InterruptedException {
    Stage stage = ours().isEmpty() ? Stage.MAIL : Stage.ALL;
    scan(stage);
    while (!(missing().isEmpty() && strays.blind().isEmpty()) && patience.more()) {
      scan(stage);
    }
    next = stage == Stage.MAIL ? Stage.ALL : Stage.CHANGES;
    for (PluginFile file : missing()) {
      journal.error(
          "plugin "
              + file.path()
              + " is missing, mail is taken without it: it "
              + file.trouble()
              + "; it is tried again");
    }
    for (Path directory : strays.blind()) {
      journal.error("the plugins of " + directory + " are missing, mail is taken without them");
    }
  }

  private List<PluginFile> missing() {
    return files.values().stream().filter(f -> f.pending() && of(f).isEmpty()).toList();
  }

  /** Brings the bundles to what the files are now. */
  void scan() throws InterruptedException {
    scan(next);
    next = Stage.CHANGES;
  }

  void scan(Stage stage) throws InterruptedException {
    boolean news = look(stage);
    for (Deployment d : List.copyOf(deployed)) {
      news |= d.bundle().getState() == Bundle.UNINSTALLED | d.caughtUp();
    }
    if (news) {
      if (stage.first() && !adopted) {
        ours().forEach(this::adopt);
        adopted = true;
      }
      follow(stage);
      standing = files.values().stream().map(f -> new Standing(f, of(f))).toList();
    }
    if (changed.getAndSet(false) || news) {
      if (stage.first()) { // takes less time than one by one
        Refresh.resolve(context, deployed.stream().map(Deployment::bundle).toList());
      }
      for (Turn turn : Turn.values()) {
        start(turn);
      }
    }
  }

  private void start(Turn turn) throws InterruptedException {
    for (Deployment d : deployed) {
      if (d.jar().turn() == turn) {
        start(d);
      }
    }
  }

  /**
   * The server ends: whatever of a plugin does not come to an end is interrupted. On any thread.
   */
  void interrupt() {
    deployed.forEach(Deployment::interrupt);
  }

  /** True if there is something to do. */
  private boolean look(Stage stage) {
    Listing listing = Listing.of(directories, files.values());
    strays.now(listing, stage.first());
    Map<Path, String> found = listing.jars();
    boolean news = forget(found);
    for (var entry : found.entrySet()) {
      if (stage == Stage.MAIL && Turn.of(entry.getKey()) == Turn.PROGRAMS) {
        continue;
      }
      PluginFile file = files.computeIfAbsent(entry.getKey(), PluginFile::new);
      if (file.present(entry.getValue(), stage.first())) {
        news = true;
        read(file);
      }
    }
    return news;
  }

  private boolean forget(Map<Path, String> found) {
    List<PluginFile> gone =
        files.values().stream()
            .filter(file -> !found.containsKey(file.path()) && file.absent())
            .toList();
    gone.forEach(file -> file.use(Optional.empty()));
    return files.values().removeAll(gone);
  }

  private void read(PluginFile file) {
    try {
      file.read(context.getDataFile(copies++ + ".jar").toPath());
    } catch (UnusableException e) {
      boolean owner = of(file).isPresent();
      if (!owner) {
        file.use(Optional.empty());
      }
      complain(
          file,
          e.getMessage()
              + (owner ? "; its bundle stays as it was" : "; it is not installed")
              + " until a whole one is there (copy to another name, then mv)");
    } catch (IOException e) {
      complain(file, "cannot be read: " + Reasons.of(e));
      file.again();
    }
  }

  private void complain(PluginFile file, String why) {
    if (file.complain(why)) {
      journal.warn("plugin " + file.path() + " " + why);
    }
  }

  private Optional<Deployment> of(PluginFile file) {
    return deployed.stream().filter(d -> d.file() == file).findFirst();
  }

  private Optional<Deployment> of(String identity) {
    return deployed.stream().filter(d -> d.jar().identity().equals(identity)).findFirst();
  }

  /** Bundles that were there before this bundle was: it has been stopped for a while. */
  private List<Bundle> ours() {
    return Stream.of(context.getBundles())
        .filter(b -> directories.stream().anyMatch(d -> isIn(d, b)))
        .toList();
  }

  private static boolean isIn(Path directory, Bundle bundle) {
    return bundle.getLocation().startsWith(directory.toUri().toString());
  }

  private void adopt(Bundle bundle) {
    Path path = Path.of(URI.create(bundle.getLocation().replaceFirst("#\\d+$", "")));
    PluginFile file = files.getOrDefault(path, new PluginFile(path));
    deployed.add(Deployment.adopted(bundle, file, limits));
  }

  private void follow(Stage stage) throws InterruptedException {
    for (Deployment d : List.copyOf(deployed)) {
      if (d.bundle().getState() == Bundle.UNINSTALLED) {
        deployed.remove(d);
        d.file().use(Optional.empty());
        complain(d.file(), "has been uninstalled by hand; touch it to have it again");
      } else {
        settle(d);
      }
    }
    for (PluginFile file : files.values()) {
      if (file.good().isPresent() && of(file).isEmpty()) {
        install(file, stage);
      }
    }
  }

  /** Has a bundle be what its file is now; or another's, if its file is not for it any more. */
  private void settle(Deployment d) throws InterruptedException {
    String identity = d.jar().identity();
    boolean there = files.containsValue(d.file());
    if (!there || !d.file().holds(identity)) {
      Optional<PluginFile> heir =
          files.values().stream().filter(f -> stands(f, identity)).findAny();
      if (heir.isPresent()) {
        journal.info("plugin " + identity + " is that of " + heir.get().path() + " from now on");
        heir.get().complain("");
        heir.get().touched(); // it is not for that that it restarts
        d.moved(heir.get());
      } else if (!there || taken(d.file().good().orElseThrow().identity()).isPresent()) {
        uninstall(d);
        return;
      }
    }
    PluginJar wanted = d.file().good().orElseThrow();
    boolean touched = d.file().touched();
    if (wanted.content().equals(d.jar().content()) && !touched) {
      wanted.discard();
    } else {
      update(d, wanted);
    }
  }

  /** Whether a file is not in use but could be for a bundle. */
  private boolean stands(PluginFile file, String identity) {
    return file.holds(identity) && of(file).filter(d -> file.holds(d.jar().identity())).isEmpty();
  }

  /** Who has a symbolic name and version: the file or location of the bundle. */
  private Optional<String> taken(String identity) {
    Optional<String> own = of(identity).map(d -> d.file().path().toString());
    if (own.isPresent()) {
      return own;
    }
    for (Bundle bundle : context.getBundles()) {
      if (identity.equals(bundle.getSymbolicName() + " " + bundle.getVersion())) {
        return Optional.of(bundle.getLocation());
      }
    }
    return Optional.empty();
  }

  private void install(PluginFile file, Stage stage) throws InterruptedException {
    PluginJar jar = file.good().orElseThrow();
    Optional<String> other = taken(jar.identity());
    if (other.isPresent()) {
      complain(
          file,
          "is " + jar.identity() + ", as is " + other.get() + ": it stands by until that goes");
      return;
    }
    try (var in = jar.open()) {
      Bundle bundle = context.installBundle(location(file), in);
      var d = new Deployment(bundle, file, jar, limits);
      deployed.add(d);
      if (d.fragment()) {
        Refresh.of(context, List.of(bundle));
      }
      file.touched(); // it starts as it is now
      if (!stage.first() || file.complained()) {
        journal.info("plugin " + file.path() + " installed: " + jar.identity());
      }
    } catch (BundleException | IOException | IllegalStateException e) {
      file.use(Optional.empty());
      complain(file, "cannot be installed: " + Reasons.of(e));
      if (Reasons.passing(e)) {
        file.again();
      }
    }
    jar.discard();
  }

  /** A bundle keeps its location when it is handed over to another file. */
  private String location(PluginFile file) {
    String location = file.path().toUri().toString();
    for (int i = 2; context.getBundle(location) != null; i++) {
      location = file.path().toUri() + "#" + i;
    }
    return location;
  }

  private void update(Deployment d, PluginJar next) throws InterruptedException {
    PluginJar before = d.jar();
    try (var in = next.open()) {
      next.room(context.getDataFile("room").toPath()); // before anything is stopped for it
      if (d.stop()) {
        d.bundle().update(in);
        d.updated(next);
        Refresh.of(context, List.of(d.bundle()));
        String what = before.identity() + " to " + next.identity();
        journal.info("plugin " + d.file().path() + " updated: " + what);
      } else {
        keep(d, before, d.trouble(), true);
      }
    } catch (BundleException | IOException | IllegalStateException e) {
      keep(d, before, Reasons.of(e), Reasons.passing(e));
    }
    next.discard();
    start(d);
  }

  private void keep(Deployment d, PluginJar before, String why, boolean again) {
    d.file().use(Optional.of(before));
    complain(d.file(), "cannot be used, its bundle stays as it was: " + why);
    if (again) {
      d.file().again();
      d.file().owe();
    }
  }

  private void uninstall(Deployment d) throws InterruptedException {
    if (!d.stop()) {
      complain(d.file(), "is removed, but its bundle stays: " + d.trouble());
      return; // until it has ended, or the server is started anew
    }
    deployed.remove(d);
    try {
      d.bundle().uninstall();
      Refresh.of(context, List.of(d.bundle()));
    } catch (BundleException | IllegalStateException e) {
      journal.warn("plugin " + d.file().path() + " cannot be uninstalled: " + Reasons.of(e));
    }
    journal.info("plugin " + d.file().path() + " removed: " + d.jar().identity());
  }

  private void start(Deployment d) throws InterruptedException {
    if (d.start()) {
      journal.warn(
          "plugin "
              + d.file().path()
              + " ("
              + d.jar().identity()
              + ") is installed, but not active: "
              + d.trouble());
    }
  }
}
