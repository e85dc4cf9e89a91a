package org.sluice.chain.internal;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sluice.api.filter.FilterProperties;

/**
 * What a filter's service properties say ({@link FilterProperties}).
 *
 * @param name what operators know it by
 * @param named whether the filter gave the name itself, so that it is the only one of that name
 * @param id its service.id
 * @param bundle its service.bundleid
 * @param ranking its service.ranking
 * @param scope where it is asked
 * @param limit of a call; empty for the stage's own
 * @param concurrency calls at once
 * @param breaker when to stop calling it; empty for never
 * @param problems properties that could not be used
 */
record FilterSettings(
    String name,
    boolean named,
    long id,
    long bundle,
    int ranking,
    Scope scope,
    Optional<Duration> limit,
    OnFailure onFailure,
    int concurrency,
    Optional<Breaker.Limit> breaker,
    boolean shadow,
    List<String> problems) {
  private static final BigDecimal LONGEST = BigDecimal.valueOf(86_400);
  private static final int MOST_CALLS = 10_000;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,5}(\\.\\d{1,3})?");
  private static final Pattern COUNT = Pattern.compile("\\d{1,5}");

  static FilterSettings of(Object service, Map<String, Object> map) {
    var properties = new ServiceProperties(map::get);
    Optional<String> given =
        properties.strings(FilterProperties.NAME).stream().filter(n -> !n.isBlank()).findFirst();
    String otherwise =
        properties.strings("component.name").stream()
            .findFirst()
            .orElse(service.getClass().getName());
    Optional<Duration> limit =
        properties.read(FilterProperties.TIMEOUT, Optional.empty(), FilterSettings::seconds);
    OnFailure onFailure =
        properties.read(FilterProperties.ON_FAILURE, OnFailure.TEMPFAIL, OnFailure::parse);
    int concurrency =
        properties.read(FilterProperties.CONCURRENCY, 100, FilterSettings::concurrency);
    Optional<Breaker.Limit> breaker =
        properties.read(
            FilterProperties.BREAKER, Optional.of(Breaker.Limit.DEFAULT), FilterSettings::breaker);
    boolean shadow =
        properties.read(FilterProperties.MODE, "enforce", FilterSettings::mode).equals("shadow");
    var protocols = new HashSet<>(properties.strings(FilterProperties.PROTOCOLS));
    return new FilterSettings(
        given.orElse(otherwise),
        given.isPresent(),
        properties.number("service.id"),
        properties.number("service.bundleid"),
        (int) properties.number("service.ranking"),
        new Scope(stages(service, properties.strings("objectClass")), protocols),
        limit,
        onFailure,
        concurrency,
        breaker,
        shadow,
        properties.problems());
  }

  /** What tells a service from all others, as long as it is registered. */
  static long id(Map<String, Object> properties) {
    return new ServiceProperties(properties::get).number("service.id");
  }

  /** The interfaces it is registered with, not those that it happens to have. */
  private static Set<Stage> stages(Object service, List<String> registered) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      if (stage.type().isInstance(service) && registered.contains(stage.type().getName())) {
        stages.add(stage);
      }
    }
    return stages;
  }

  private static Optional<Optional<Duration>> seconds(String text) {
    if (!SECONDS.matcher(text).matches()) {
      return Optional.empty();
    }
    var seconds = new BigDecimal(text);
    return seconds.signum() > 0 && seconds.compareTo(LONGEST) <= 0
        ? Optional.of(Optional.of(Duration.ofMillis(seconds.movePointRight(3).longValueExact())))
        : Optional.empty();
  }

  private static Optional<Integer> concurrency(String text) {
    int calls = COUNT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    return calls >= 1 && calls <= MOST_CALLS ? Optional.of(calls) : Optional.empty();
  }

  private static Optional<Optional<Breaker.Limit>> breaker(String text) {
    return text.equals("off")
        ? Optional.of(Optional.empty())
        : Breaker.Limit.parse(text).map(Optional::of);
  }

  private static Optional<String> mode(String text) {
    return Optional.of(text).filter(Set.of("enforce", "shadow")::contains);
  }

  /** How long a call at this stage may take. */
  Duration limit(Stage stage) {
    return limit.orElse(stage.limit());
  }
}
