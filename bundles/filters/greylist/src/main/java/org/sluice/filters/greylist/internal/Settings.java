package org.sluice.filters.greylist.internal;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What the configuration says, as far as it can be used. */
record Settings(State.Rules rules, Exemptions exemptions, int four, int six) {
  private static final int MOST_ENTRIES = 10_000_000;

  /** Says here what it cannot use; the default holds then, or the entry is left out. */
  static Settings of(GreylistConfig config, Consumer<String> complaints) {
    var numbers = new Numbers(complaints);
    var rules =
        new State.Rules(
            numbers.within("delay", config.delay(), 1, 86_400, 300),
            TimeUnit.HOURS.toSeconds(
                numbers.within("retryWindow", config.retryWindow(), 1, 8_760, 48)),
            TimeUnit.DAYS.toSeconds(numbers.within("lifetime", config.lifetime(), 1, 3_650, 35)),
            numbers.within("autoPass", config.autoPass(), 0, Integer.MAX_VALUE, 5),
            numbers.within("maxEntries", config.maxEntries(), 300, MOST_ENTRIES, 150_000));
    return new Settings(
        rules,
        new Exemptions(config.exemptClients(), config.exemptRecipients(), complaints),
        numbers.within("ipv4Prefix", config.ipv4Prefix(), 0, 32, 24),
        numbers.within("ipv6Prefix", config.ipv6Prefix(), 0, 128, 64));
  }

  private record Numbers(Consumer<String> complaints) {
    int within(String name, int value, int least, int most, int otherwise) {
      if (value >= least && value <= most) {
        return value;
      }
      complaints.accept(
          "%s = %d: %d to %d is wanted; %d is used".formatted(name, value, least, most, otherwise));
      return otherwise;
    }
  }

  /** The network of a client. */
  String network(InetAddress client) {
    return Triplet.network(client, four, six);
  }
}
