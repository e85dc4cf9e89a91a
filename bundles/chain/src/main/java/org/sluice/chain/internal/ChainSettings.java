package org.sluice.chain.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in use.
 *
 * @param required names of filters that must be there
 * @param order names of filters that come first, in this order
 * @param drain how long a filter that goes away is waited for
 */
record ChainSettings(List<String> required, List<String> order, Duration drain) {
  private static final Logger LOG = LoggerFactory.getLogger(ChainSettings.class);

  static ChainSettings of(FiltersConfig config) {
    return new ChainSettings(
        names(config.required()),
        names(config.order()),
        Duration.ofSeconds(Math.max(0, drainSeconds(config))));
  }

  /** A number that is none must not take the whole chain, and with it all mail, away. */
  private static int drainSeconds(FiltersConfig config) {
    try {
      return config.drainSeconds();
    } catch (RuntimeException e) { // how the framework says that it cannot be converted
      LOG.warn("drainSeconds cannot be used, 30 holds: {}", e.toString());
      return 30;
    }
  }

  private static List<String> names(String[] entries) {
    return Arrays.stream(entries)
        .flatMap(entry -> Arrays.stream(entry.split("[,\\s]+")))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  /** The order of asking: the operator's, then as everywhere in OSGi. */
  Comparator<Filter> comparator() {
    return Comparator.comparing(Filter::settings, this::compare);
  }

  private int compare(FilterSettings one, FilterSettings other) {
    int byOperator = Integer.compare(place(one), place(other));
    int byRanking = Integer.compare(other.ranking(), one.ranking());
    return byOperator != 0
        ? byOperator
        : byRanking != 0 ? byRanking : Long.compare(one.id(), other.id());
  }

  private int place(FilterSettings settings) {
    int index = order.indexOf(settings.name());
    return index < 0 ? order.size() : index;
  }
}
