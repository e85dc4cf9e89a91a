package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** Who is asked at each stage of one protocol's dialogue; made once a generation. */
final class Plan {
  /** Puts the question of a stage to one filter. */
  interface Asker {
    Verdict ask(Filter filter) throws InterruptedException;
  }

  private final Map<Stage, List<Filter>> filters = new EnumMap<>(Stage.class);
  private final Map<Stage, Verdict> refusals = new EnumMap<>(Stage.class);

  /**
   * Picks what is for a protocol.
   *
   * @param protocol whether a scope is for it
   * @param all in order
   */
  Plan(Predicate<Scope> protocol, List<Filter> all, Map<String, Scope> missing) {
    for (Stage stage : Stage.values()) {
      List<Filter> here = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Filter filter : all) {
        var settings = filter.settings();
        boolean asked =
            settings.scope().stages().contains(stage) && protocol.test(settings.scope());
        if (asked && (names.add(settings.name()) || !settings.named())) {
          here.add(filter);
        }
      }
      filters.put(stage, List.copyOf(here));
    }
    refuse(protocol, missing);
  }

  private Plan(Verdict refusal) {
    for (Stage stage : Stage.values()) {
      filters.put(stage, List.of());
      refusals.put(stage, refusal);
    }
  }

  /** Nobody is asked, and all stages say this. */
  static Plan refusing(Verdict refusal) {
    return new Plan(refusal);
  }

  /** A missing filter refuses the whole transaction, and what comes before if it is asked there. */
  private void refuse(Predicate<Scope> protocol, Map<String, Scope> missing) {
    for (String name : new TreeSet<>(missing.keySet())) {
      Scope scope = missing.get(name);
      for (Stage stage : Stage.values()) {
        if (protocol.test(scope) && (stage.inTransaction() || scope.stages().contains(stage))) {
          // At connection the client is sent away: RFC 5321 section 3.1 has 421 for that.
          int code = stage == Stage.CONNECT ? 421 : 451;
          String text = "filter " + name + " is required and missing, try again";
          refusals.putIfAbsent(stage, new Verdict.TempFail(Reply.of(code, "4.3.2", text)));
        }
      }
    }
  }

  List<Filter> filters(Stage stage) {
    return filters.get(stage);
  }

  /** What to say at a stage because a required filter is missing. */
  Optional<Verdict> refusal(Stage stage) {
    return Optional.ofNullable(refusals.get(stage));
  }

  /**
   * Asks one filter after the other; the first that refuses or discards decides, a quarantine is
   * kept while the others are asked.
   */
  Verdict ask(Stage stage, Asker asker) throws InterruptedException {
    Verdict refusal = refusals.get(stage);
    if (refusal != null) {
      return refusal;
    }
    Verdict kept = Verdict.next();
    for (Filter filter : filters.get(stage)) {
      Verdict verdict = asker.ask(filter);
      if (verdict instanceof Verdict.Accept) {
        return kept;
      }
      if (verdict instanceof Verdict.Quarantine) {
        kept = kept instanceof Verdict.Quarantine ? kept : verdict;
      } else if (!(verdict instanceof Verdict.Continue)) {
        return verdict;
      }
    }
    return kept;
  }
}
