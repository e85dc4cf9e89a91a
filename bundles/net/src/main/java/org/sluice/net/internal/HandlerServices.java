package org.sluice.net.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Constants;
import org.sluice.api.net.ConnectionHandler;

/**
 * All handler services, and those of each protocol that a listener speaks or has spoken: should its
 * configuration name another one, sessions of before stay with theirs. Thread-safe.
 */
final class HandlerServices {
  private record Known(ConnectionHandler handler, Map<String, Object> properties) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Known> services = new HashMap<>();
  private final Map<String, Handlers> spoken = new HashMap<>();

  /** The handlers of a protocol, from now on kept up to date. */
  Handlers of(String protocol) {
    lock.lock();
    try {
      return spoken.computeIfAbsent(
          protocol,
          name -> {
            var handlers = new Handlers();
            services.values().forEach(known -> put(name, handlers, known));
            return handlers;
          });
    } finally {
      lock.unlock();
    }
  }

  /**
   * A service is there, or its properties are others.
   *
   * @return who has to leave it because it does not speak their protocol any more
   */
  List<Roster> put(ConnectionHandler handler, Map<String, Object> properties) {
    var known = new Known(handler, properties);
    var left = new ArrayList<Roster>();
    lock.lock();
    try {
      services.put(id(properties), known);
      spoken.forEach(
          (protocol, handlers) -> {
            if (!put(protocol, handlers, known)) {
              left.add(handlers.remove(id(properties)));
            }
          });
    } finally {
      lock.unlock();
    }
    return left;
  }

  /** From now on no session starts with the service; returns those that still use it. */
  List<Roster> remove(Map<String, Object> properties) {
    lock.lock();
    try {
      services.remove(id(properties));
      return spoken.values().stream().map(h -> h.remove(id(properties))).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting; nothing is leased any more. */
  void close() {
    lock.lock();
    try {
      spoken.values().forEach(Handlers::close);
    } finally {
      lock.unlock();
    }
  }

  /** Enters a service if it speaks the protocol; false if not. */
  private static boolean put(String protocol, Handlers handlers, Known known) {
    var properties = known.properties();
    boolean speaks = speaks(protocol, properties.get(ConnectionHandler.PROTOCOL));
    if (speaks && !handlers.rank(id(properties), ranking(properties))) {
      handlers.add(id(properties), ranking(properties), known.handler());
    }
    return speaks;
  }

  private static boolean speaks(String wanted, Object protocol) {
    if (protocol instanceof String[] several) {
      return Arrays.asList(several).contains(wanted);
    }
    if (protocol instanceof Collection<?> several) {
      return several.contains(wanted);
    }
    return wanted.equals(protocol);
  }

  static long id(Map<String, Object> properties) {
    return ((Number) properties.get(Constants.SERVICE_ID)).longValue();
  }

  private static int ranking(Map<String, Object> properties) {
    return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
  }
}
