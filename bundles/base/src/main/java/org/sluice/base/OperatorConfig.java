package org.sluice.base;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A component's configuration as an operator typed it: numbers, switches and choices may be none.
 * Declarative Services throws for such a number when it is asked for, takes such a switch for
 * false, and names neither the configuration nor the property.
 */
public final class OperatorConfig {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorConfig.class);

  private OperatorConfig() {}

  /**
   * The configuration with something usable in the place of each bad value, which is logged as an
   * error.
   *
   * @param pid the component's; an instance's own PID is taken from the properties
   * @param type the component property type
   * @param config what Declarative Services made of the properties
   * @param properties the properties themselves
   * @param safe what is used for bad values instead of the default; a string property with a
   *     constant of an enumeration here may have the names of its constants, in any case
   */
  public static <T> T mended(
      String pid, Class<T> type, T config, Map<String, ?> properties, Map<String, ?> safe) {
    Map<String, Object> values = new HashMap<>();
    for (Method property : type.getDeclaredMethods()) {
      String name = property.getName();
      Optional<String> wanted = read(property, properties.get(name), safe.get(name), values);
      if (wanted.isPresent()) {
        Object instead = safe.containsKey(name) ? safe.get(name) : property.getDefaultValue();
        Object used = instead instanceof Enum<?> choice ? name(choice) : instead;
        LOG.error(
            "{}: {} = {}: {} is wanted; {} is used",
            pid(pid, properties),
            name,
            properties.get(name),
            wanted.get(),
            used);
        values.put(name, used);
      }
    }
    return proxy(type, config, values);
  }

  /**
   * The configuration, if all its numbers and switches are some.
   *
   * @throws IllegalArgumentException naming the property, its value and what it may be
   */
  public static <T> T strict(Class<T> type, T config, Map<String, ?> properties) {
    Map<String, Object> values = new HashMap<>();
    for (Method property : type.getDeclaredMethods()) {
      Object raw = properties.get(property.getName());
      Optional<String> wanted = read(property, raw, null, values);
      if (wanted.isPresent()) {
        throw new IllegalArgumentException(
            "%s = %s: %s is wanted".formatted(property.getName(), raw, wanted.get()));
      }
    }
    return proxy(type, config, values);
  }

  /** The PID of the configuration that these properties are from. */
  public static String pid(String component, Map<String, ?> properties) {
    return properties.get("service.pid") instanceof String pid ? pid : component;
  }

  /** Puts the value of a text among the others; what is wanted if it is bad. */
  private static Optional<String> read(
      Method property, Object raw, Object safe, Map<String, Object> values) {
    if (!(raw instanceof String typed)) {
      return Optional.empty(); // it has a type, or is not there
    }
    String text = typed.strip();
    if (property.getReturnType() == int.class) {
      try {
        values.put(property.getName(), Integer.valueOf(text));
      } catch (NumberFormatException e) {
        return Optional.of("a whole number");
      }
    } else if (property.getReturnType() == boolean.class) {
      if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
        return Optional.of("true or false");
      }
      values.put(property.getName(), Boolean.valueOf(text));
    } else if (safe instanceof Enum<?> choice && !text.equals(property.getDefaultValue())) {
      var names =
          Arrays.stream(choice.getDeclaringClass().getEnumConstants())
              .map(constant -> name((Enum<?>) constant))
              .toList();
      return names.contains(text.toLowerCase(Locale.ROOT))
          ? Optional.empty()
          : Optional.of("one of " + String.join(", ", names));
    }
    return Optional.empty();
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T proxy(Class<T> type, T config, Map<String, Object> values) {
    if (values.isEmpty()) {
      return config;
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (values.containsKey(method.getName())) {
                return values.get(method.getName());
              }
              try {
                return method.invoke(config, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
