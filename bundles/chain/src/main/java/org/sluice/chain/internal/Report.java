package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The chain as an operator reads it. */
final class Report {
  /** Stands for the protocols that no filter names, while no listener is there. */
  private static final Set<String> ANY = Set.of("any");

  private final Generation generation;
  private final ChainSettings settings;
  private final Set<String> spoken;
  private final Map<Long, String> registered;
  private final StringBuilder text = new StringBuilder();

  /**
   * The state of a moment.
   *
   * @param spoken the protocols of all listeners
   * @param registered the bundles of all filter services by their service.id
   */
  Report(
      Generation generation,
      ChainSettings settings,
      Set<String> spoken,
      Map<Long, String> registered) {
    this.generation = generation;
    this.settings = settings;
    this.spoken = spoken;
    this.registered = registered;
  }

  /** The text, of one protocol or of all that are spoken. */
  String text(Optional<String> protocol, Optional<Observers> observers) {
    Set<String> protocols = protocol.map(Set::of).orElse(spoken.isEmpty() ? ANY : spoken);
    for (Stage stage : Stage.values()) {
      section(stage.toString(), asked(stage, protocols));
    }
    section("not in use", unused(protocols));
    section("missing", missing());
    section("remarks", remarks());
    section("observers", observers.map(Observers::status).orElse(List.of()));
    return text.toString();
  }

  private void section(String title, List<String> lines) {
    text.append(title).append(lines.isEmpty() ? ": none\n" : ":\n");
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }

  private List<String> asked(Stage stage, Set<String> protocols) {
    List<String> lines = new ArrayList<>();
    for (Filter filter : generation.filters()) {
      Set<String> here = asking(filter, stage, protocols);
      if (!here.isEmpty()) {
        String only = here.equals(protocols) ? "" : ", only " + String.join(" ", here);
        lines.add(describe(filter, stage) + only);
      }
    }
    return lines;
  }

  /** The protocols in whose dialogue a filter is asked at a stage. */
  private Set<String> asking(Filter filter, Stage stage, Set<String> protocols) {
    Set<String> here = new TreeSet<>();
    for (String protocol : protocols) {
      if (generation.plan(protocol).filters(stage).contains(filter)) {
        here.add(protocol);
      }
    }
    return here;
  }

  private String describe(Filter filter, Stage stage) {
    var s = filter.settings();
    return s.name()
        + " ("
        + registered.getOrDefault(s.id(), "bundle " + s.bundle())
        + "): ranking "
        + s.ranking()
        + ", limit "
        + seconds(s.limit(stage).toMillis())
        + " s, running "
        + filter.running()
        + " of "
        + s.concurrency()
        + ", breaker "
        + s.breaker().map(Breaker.Limit::toString).orElse("off")
        + ", on failure "
        + s.onFailure();
  }

  private static String seconds(long millis) {
    return java.math.BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }

  private List<String> unused(Set<String> protocols) {
    List<String> lines = new ArrayList<>();
    Map<Long, String> strangers = new TreeMap<>(registered);
    for (Filter filter : generation.filters()) {
      var s = filter.settings();
      strangers.remove(s.id());
      reasons(filter, protocols).forEach(why -> lines.add(s.name() + ": " + why));
    }
    strangers.forEach(
        (id, bundle) ->
            lines.add(
                "service "
                    + id
                    + " of "
                    + bundle
                    + ": cannot be had: its component does not start (see the log), or it was"
                    + " built against another org.sluice.api.filter"));
    return lines;
  }

  private List<String> reasons(Filter filter, Set<String> protocols) {
    var s = filter.settings();
    List<String> reasons = new ArrayList<>();
    if (s.shadow()) {
      reasons.add("in shadow mode, its verdicts are logged and ignored");
    }
    filter
        .breaker()
        .open()
        .ifPresent(
            left ->
                reasons.add(
                    left.isZero()
                        ? "its breaker is open and it is being tried"
                        : "its breaker is open, tried again in "
                            + seconds(left.toMillis())
                            + " s"));
    if (protocols.stream().noneMatch(s.scope()::serves)) {
      Set<String> own = new TreeSet<>(s.scope().protocols());
      boolean idle = spoken.stream().noneMatch(own::contains);
      reasons.add(
          "serves only " + String.join(" ", own) + (idle ? ", which no listener speaks" : ""));
    } else {
      for (Stage stage : new TreeSet<>(s.scope().stages())) {
        if (asking(filter, stage, protocols).isEmpty()) {
          reasons.add("stands by at " + stage + ": another filter of this name comes first");
        }
      }
    }
    return reasons;
  }

  private List<String> missing() {
    return new TreeSet<>(generation.missing().keySet())
        .stream().map(name -> name + ": required, so clients are told 451").toList();
  }

  private List<String> remarks() {
    List<String> lines = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (Filter filter : generation.filters()) {
      names.add(filter.settings().name());
      filter.settings().problems().forEach(p -> lines.add(filter.settings().name() + ": " + p));
    }
    for (String name : settings.order()) {
      if (!names.contains(name)) {
        lines.add("order has " + name + ", and there is no such filter");
      }
    }
    return lines;
  }
}
