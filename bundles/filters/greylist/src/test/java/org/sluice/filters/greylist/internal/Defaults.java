package org.sluice.filters.greylist.internal;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A configuration as Declarative Services makes it. */
final class Defaults {
  private Defaults() {}

  /** The defaults with some properties changed: a name, a value, and so on. */
  static GreylistConfig with(Object... changes) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      values.put(changes[i].toString(), changes[i + 1]);
    }
    return (GreylistConfig)
        Proxy.newProxyInstance(
            Defaults.class.getClassLoader(),
            new Class<?>[] {GreylistConfig.class},
            (self, method, none) ->
                values.getOrDefault(method.getName(), method.getDefaultValue()));
  }
}
