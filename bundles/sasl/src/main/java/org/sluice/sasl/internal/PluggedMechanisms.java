package org.sluice.sasl.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslMechanism;
import org.sluice.base.Uses;

/**
 * The mechanisms of plugins. Whatever one of them throws is temporary trouble of that login; one
 * that leaves is waited for while it takes a response, and what comes to it later fails for now.
 * Thread-safe.
 */
final class PluggedMechanisms {
  private static final Logger LOG = LoggerFactory.getLogger(PluggedMechanisms.class);

  /** RFC 4422 section 3.1. */
  private static final Pattern NAME = Pattern.compile("[A-Z0-9_-]{1,20}");

  private record Entry(
      SaslMechanism mechanism, String name, boolean clear, int ranking, long id, Uses uses) {
    boolean offered(SaslClient client) {
      Optional<Uses.Stay> stay = uses.enter();
      if (stay.isEmpty()) {
        return false;
      }
      try {
        return mechanism.offered(client);
      } catch (RuntimeException | Error e) {
        LOG.error("SASL mechanism {} of {} has failed", name, mechanism.getClass().getName(), e);
        return false;
      } finally {
        stay.get().close();
      }
    }

    /** Calls it; whatever it throws, or null, is an IOException. */
    <T> T call(Call<T> call) throws IOException, InterruptedException {
      Optional<Uses.Stay> stay = uses.enter();
      if (stay.isEmpty()) {
        throw new IOException("SASL mechanism " + name + " has left");
      }
      try {
        return Objects.requireNonNull(call.run());
      } catch (RuntimeException | Error e) {
        LOG.error("SASL mechanism {} of {} has failed", name, mechanism.getClass().getName(), e);
        throw new IOException("SASL mechanism " + name + " has failed", e);
      } finally {
        stay.get().close();
      }
    }
  }

  private interface Call<T> {
    T run() throws IOException, InterruptedException;
  }

  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt(Entry::ranking).reversed().thenComparingLong(Entry::id);

  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private final Duration drain;

  /**
   * @param drain how long {@link #remove} waits at most
   */
  PluggedMechanisms(Duration drain) {
    this.drain = drain;
  }

  /** A service came, with its service properties. */
  void add(SaslMechanism mechanism, Map<String, ?> properties) {
    String name = String.valueOf(properties.get(SaslMechanism.NAME));
    if (!NAME.matcher(name).matches()) {
      LOG.error(
          "{} is not offered: its service property {}={} is no name of a SASL mechanism",
          mechanism.getClass().getName(),
          SaslMechanism.NAME,
          name);
      return;
    }
    boolean clear = !Boolean.FALSE.equals(properties.get(SaslMechanism.CLEAR));
    int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
    long id = properties.get("service.id") instanceof Long l ? l : Long.MAX_VALUE;
    entries.add(new Entry(mechanism, name, clear, ranking, id, new Uses()));
    entries.sort(ORDER);
  }

  /** A service goes; returns when no call is inside it, or the time is up. */
  void remove(SaslMechanism mechanism) {
    for (Entry entry : entries) {
      if (entry.mechanism() == mechanism) {
        entries.remove(entry);
        if (!entry.uses().drain(drain)) {
          LOG.warn("SASL mechanism {} left while it was used", entry.name());
        }
      }
    }
  }

  /** Names to offer, in order. */
  Stream<String> names(boolean encrypted, SaslClient client) {
    return entries.stream()
        .filter(entry -> (encrypted || !entry.clear()) && entry.offered(client))
        .map(Entry::name);
  }

  /** Begins with the first of this name; empty if there is none. */
  Optional<SaslExchange> begin(String name, SaslClient client) {
    return entries.stream()
        .filter(entry -> entry.name().equals(name) && entry.offered(client))
        .findFirst()
        .map(entry -> exchange(entry, client));
  }

  /** The mechanism's own exchange is begun by the first response, whose failures can be told. */
  private static SaslExchange exchange(Entry entry, SaslClient client) {
    var begun = new SaslExchange[1]; // used by one thread
    return response ->
        entry.call(
            () -> {
              if (begun[0] == null) {
                begun[0] = entry.mechanism().begin(client);
              }
              return begun[0].respond(response);
            });
  }
}
