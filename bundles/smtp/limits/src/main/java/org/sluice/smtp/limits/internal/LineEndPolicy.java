package org.sluice.smtp.limits.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.LineEnds.BareLf;
import org.sluice.base.Networks;

/**
 * Which line ends a client may send. What cannot be understood counts as not said: a word that is
 * misspelt must not take the other limits away. Immutable.
 */
final class LineEndPolicy {
  private static final String PID = "org.sluice.smtp.limits: ";

  private final LineEnds configured;
  private final Networks exempt;
  private final Consumer<String> complaints;

  /** A policy that says here what it cannot understand, also later of variables. */
  LineEndPolicy(LimitsConfig config, Consumer<String> complaints) {
    this.complaints = complaints;
    configured =
        new LineEnds(
            read(PID + "bareLf", config.bareLf(), LineEnds.CLASSIC.lineFeed()),
            read(PID + "bareCr", config.bareCr(), LineEnds.CLASSIC.carriageReturn()));
    exempt = networks(config.bareLfExempt());
  }

  private Networks networks(String list) {
    try {
      return Networks.of(list);
    } catch (IllegalArgumentException e) {
      complaints.accept(PID + "bareLfExempt: " + e.getMessage() + "; nobody is exempt");
      return Networks.of("");
    }
  }

  /** For a client with these variables. */
  LineEnds of(Map<String, String> environment) {
    boolean free = exempt.contains(environment.getOrDefault("TCPREMOTEIP", ""));
    BareLf lineFeed = free ? BareLf.NORMALIZE : configured.lineFeed();
    return new LineEnds(
        variable(environment, "BARELF", lineFeed),
        variable(environment, "BARECR", configured.carriageReturn()));
  }

  private <E extends Enum<E>> E variable(
      Map<String, String> environment, String name, E otherwise) {
    return Optional.ofNullable(environment.get(name))
        .map(value -> read("the variable " + name, value, otherwise))
        .orElse(otherwise);
  }

  private <E extends Enum<E>> E read(String name, String value, E otherwise) {
    E[] known = otherwise.getDeclaringClass().getEnumConstants();
    for (E each : known) {
      if (word(each).equals(value.strip())) {
        return each;
      }
    }
    String words = Arrays.stream(known).map(LineEndPolicy::word).collect(Collectors.joining(", "));
    complaints.accept(
        name + ": \"" + value + "\" is none of " + words + "; " + word(otherwise) + " stays");
    return otherwise;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
