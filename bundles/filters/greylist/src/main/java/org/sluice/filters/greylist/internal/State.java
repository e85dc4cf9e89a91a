package org.sluice.filters.greylist.internal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Who waits, who has passed, and which networks pass always: by postgrey's rules. Each kind has a
 * third of the room, so that no number of strangers makes room for itself among those that are
 * known. Thread-safe; nothing waits for a disk here.
 */
final class State {
  /** Successes of a client count once in that time; what is in use is renewed that often. */
  private static final long HOUR = 3600;

  /** What was written by a clock that was more than that ahead of ours is wrong. */
  private static final long DAY = 24 * HOUR;

  /** Octets that wait to be written; with more the whole is written instead. */
  private static final int MOST_CHANGES = 1 << 20;

  /**
   * What holds for all.
   *
   * @param delay seconds
   * @param window seconds
   * @param lifetime seconds
   * @param successes of a client that passes from then on; 0 for never
   * @param room entries in all
   */
  record Rules(long delay, long window, long lifetime, int successes, int room) {}

  /** What is not in the file yet. */
  record Changes(String lines, boolean lost) {}

  private record Client(long successes, long last) {}

  private final Rules rules;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Entries waiting;
  private final Entries passed;
  private final LinkedHashMap<String, Client> clients;
  private StringBuilder changes = new StringBuilder();
  private boolean lost;

  State(Rules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
    int third = rules.room() / 3;
    waiting = new Entries(third);
    passed = new Entries(third);
    clients =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Client> eldest) {
            return size() > third;
          }
        };
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * An attempt.
   *
   * @param key of sender and recipient
   * @return the seconds until the client may come again; 0 if it has waited, or need not
   */
  long attempt(String network, long key) {
    lock.lock();
    try {
      long now = now();
      return passes(network, now) || hasPassed(network, key, now) ? 0 : wait(network, key, now);
    } finally {
      lock.unlock();
    }
  }

  private boolean passes(String network, long now) {
    Client client = clients.get(network);
    if (rules.successes() == 0
        || client == null
        || client.successes() < rules.successes()
        || now - client.last() > rules.lifetime()) {
      return false;
    }
    if (stale(client.last(), now)) {
      client(network, client.successes(), now);
    }
    return true;
  }

  private boolean hasPassed(String network, long key, long now) {
    OptionalLong last = passed.get(network, key);
    if (last.isEmpty()) {
      return false;
    }
    if (now - last.getAsLong() > rules.lifetime()) {
      passed.remove(network, key);
      return false;
    }
    if (stale(last.getAsLong(), now)) {
      passed.put(network, key, now);
      change(new Line(Line.Kind.PASSED, network, key, now));
    }
    return true;
  }

  private boolean stale(long last, long now) {
    return now - last >= Math.min(HOUR, rules.lifetime() / 8);
  }

  private long wait(String network, long key, long now) {
    OptionalLong first = waiting.get(network, key);
    long since = first.isPresent() ? now - first.getAsLong() : -1;
    if (since < 0 || since > rules.window()) { // also if the clock was set back
      waiting.put(network, key, now);
      change(new Line(Line.Kind.WAITING, network, key, now));
      return rules.delay();
    }
    if (since < rules.delay()) {
      return rules.delay() - since;
    }
    waiting.remove(network, key);
    passed.put(network, key, now);
    change(new Line(Line.Kind.PASSED, network, key, now));
    succeeded(network, now);
    return 0;
  }

  private void succeeded(String network, long now) {
    Client client = clients.get(network);
    if (client == null || now - client.last() > rules.lifetime()) {
      client(network, 1, now);
    } else if (now - client.last() >= HOUR) {
      client(network, client.successes() + 1, now);
    }
  }

  private void client(String network, long successes, long now) {
    clients.put(network, new Client(successes, now));
    change(new Line(Line.Kind.CLIENT, network, successes, now));
  }

  private void change(Line line) {
    if (changes.length() < MOST_CHANGES) {
      changes.append(line);
    } else {
      lost = true;
    }
  }

  /** What has changed since the last call. */
  Changes changes() {
    lock.lock();
    try {
      return taken();
    } finally {
      lock.unlock();
    }
  }

  private Changes taken() {
    var taken = new Changes(changes.toString(), lost);
    changes = new StringBuilder();
    lost = false;
    return taken;
  }

  /** How many entries there are. */
  int size() {
    lock.lock();
    try {
      return waiting.size() + passed.size() + clients.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets what has had its time, and hands over the rest: what has changed so far is in it, and
   * is not told by {@link #changes} any more.
   */
  Consumer<Consumer<Line>> snapshot() {
    lock.lock();
    try {
      long now = now();
      taken();
      waiting.removeBefore(now - rules.window());
      passed.removeBefore(now - rules.lifetime());
      clients.values().removeIf(client -> now - client.last() > rules.lifetime());
      var waits = waiting.copy();
      var known = passed.copy();
      List<Line> networks = new ArrayList<>(clients.size());
      clients.forEach(
          (network, c) ->
              networks.add(new Line(Line.Kind.CLIENT, network, c.successes(), c.last())));
      return to -> {
        lines(Line.Kind.WAITING, waits, to);
        lines(Line.Kind.PASSED, known, to);
        networks.forEach(to);
      };
    } finally {
      lock.unlock();
    }
  }

  private static void lines(
      Line.Kind kind, List<Map.Entry<String, Times>> entries, Consumer<Line> to) {
    entries.forEach(
        entry ->
            entry
                .getValue()
                .forEach((key, at) -> to.accept(new Line(kind, entry.getKey(), key, at))));
  }

  /**
   * A line of the file, in its order; what is known already, and newer, stays.
   *
   * @return false if it cannot be right
   */
  boolean restore(Line line) {
    lock.lock();
    try {
      long now = now();
      if (line.seconds() > now + DAY) {
        return false;
      }
      long at = Math.min(now, line.seconds());
      switch (line.kind()) {
        case WAITING -> restoreWaiting(line.network(), line.value(), at);
        case PASSED -> {
          waiting.remove(line.network(), line.value());
          long last = passed.get(line.network(), line.value()).orElse(at);
          passed.put(line.network(), line.value(), Math.max(last, at));
        }
        case CLIENT -> {
          Client known = clients.getOrDefault(line.network(), new Client(0, at));
          clients.put(
              line.network(),
              new Client(Math.max(known.successes(), line.value()), Math.max(known.last(), at)));
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void restoreWaiting(String network, long key, long at) {
    OptionalLong last = passed.get(network, key);
    if (last.isPresent() && at - last.getAsLong() <= rules.lifetime()) {
      return;
    }
    long first = waiting.get(network, key).orElse(at);
    waiting.put(network, key, at - first > rules.window() ? at : Math.min(first, at));
  }
}
