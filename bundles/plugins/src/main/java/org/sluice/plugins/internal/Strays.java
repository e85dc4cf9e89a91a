package org.sluice.plugins.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What lies in the directories and cannot be a plugin. Changed by one thread, looked at by any. */
final class Strays {
  private final Journal journal;
  private final Map<Path, String> told = new HashMap<>();
  private volatile Map<Path, String> all = Map.of();
  private List<Path> blind = List.of();

  Strays(Journal journal) {
    this.journal = journal;
  }

  /** Each, and what is wrong with it, to be read after its name; as the last scan has found it. */
  Map<Path, String> all() {
    return all;
  }

  /** The directories that the last scan could not read. */
  List<Path> blind() {
    return blind;
  }

  /**
   * A scan has found them. Each is told of once, when two scans have found it: what comes while a
   * link is made anew is nothing.
   *
   * @param first whether not to wait for the second scan
   */
  void now(Listing listing, boolean first) {
    Map<Path, String> before = all;
    all = listing.troubles();
    blind = listing.blind();
    told.keySet().retainAll(all.keySet());
    all.forEach(
        (path, why) -> {
          if ((first || why.equals(before.get(path))) && !why.equals(told.put(path, why))) {
            journal.warn("plugins: " + path + " " + why);
          }
        });
  }
}
