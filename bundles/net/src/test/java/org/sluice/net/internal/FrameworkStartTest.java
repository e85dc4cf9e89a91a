package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

class FrameworkStartTest {
  private final List<FrameworkListener> listeners = new ArrayList<>();
  private final AtomicInteger acted = new AtomicInteger();
  private int state = Bundle.STARTING;

  private final Bundle system =
      (Bundle)
          Proxy.newProxyInstance(
              Bundle.class.getClassLoader(),
              new Class<?>[] {Bundle.class},
              (proxy, method, arguments) ->
                  method.getName().equals("getState") ? state : proxy == arguments[0]);

  private final BundleContext context =
      (BundleContext)
          Proxy.newProxyInstance(
              BundleContext.class.getClassLoader(),
              new Class<?>[] {BundleContext.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "getBundle" -> system;
                    case "addFrameworkListener" -> {
                      listeners.add((FrameworkListener) arguments[0]);
                      yield null;
                    }
                    case "removeFrameworkListener" -> {
                      listeners.remove(arguments[0]);
                      yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private void event(int type) {
    List.copyOf(listeners)
        .forEach(listener -> listener.frameworkEvent(new FrameworkEvent(type, system, null)));
  }

  @Test
  void waitsForTheFrameworkToStart() {
    FrameworkStart.await(context, acted::incrementAndGet);
    event(FrameworkEvent.STARTLEVEL_CHANGED);
    assertEquals(0, acted.get());
    event(FrameworkEvent.STARTED);
    assertEquals(1, acted.get());
    assertEquals(List.of(), listeners);
  }

  @Test
  void actsAtOnceWhenItHasStarted() {
    state = Bundle.ACTIVE;
    FrameworkStart.await(context, acted::incrementAndGet);
    event(FrameworkEvent.STARTED);
    assertEquals(1, acted.get());
    assertEquals(List.of(), listeners);
  }

  @Test
  void doesNothingOnceCancelled() {
    var start = FrameworkStart.await(context, acted::incrementAndGet);
    start.cancel();
    event(FrameworkEvent.STARTED);
    assertEquals(0, acted.get());
  }
}
