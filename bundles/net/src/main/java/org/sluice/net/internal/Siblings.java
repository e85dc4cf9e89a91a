package org.sluice.net.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/**
 * The listeners of this bundle. What concerns all of them, a handler that goes or the end, the
 * framework tells to one after the other, each when the one before has waited for its clients.
 * Thread-safe.
 */
@Component(service = Siblings.class)
public final class Siblings {
  private final Set<TcpServer> all = ConcurrentHashMap.newKeySet();

  void add(TcpServer one) {
    all.add(one);
  }

  void remove(TcpServer one) {
    all.remove(one);
  }

  Stream<TcpServer> of(TcpServer one) {
    return all.stream().filter(other -> other != one);
  }
}
