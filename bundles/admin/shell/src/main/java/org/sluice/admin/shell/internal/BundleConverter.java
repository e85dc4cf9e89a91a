package org.sluice.admin.shell.internal;

import java.util.Arrays;
import java.util.Optional;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets the console's commands take bundles as words: {@code stop 42}, {@code update
 * org.example.filter}. Gogo has such a converter in its own shell, which is not shipped.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
  private final BundleContext context;

  /** By Declarative Services. */
  @Activate
  public BundleConverter(BundleContext context) {
    this.context = context;
  }

  /**
   * A bundle by its id or its symbolic name; of several of a name the one of the highest version.
   *
   * @return null if it is not for bundles or there is no such one, as the interface has it
   */
  @Override
  public Object convert(Class<?> desired, Object in) {
    if (desired != Bundle.class || in instanceof Bundle) {
      return desired == Bundle.class ? in : null;
    }
    String word = in.toString();
    return word.matches("\\d{1,18}")
        ? context.getBundle(Long.parseLong(word))
        : named(word).orElse(null);
  }

  private Optional<Bundle> named(String name) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .max((one, other) -> one.getVersion().compareTo(other.getVersion()));
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return target instanceof Bundle bundle && level == PART
        ? String.valueOf(bundle.getBundleId())
        : target instanceof Bundle bundle
            ? bundle.getBundleId() + " " + bundle.getSymbolicName() + " " + bundle.getVersion()
            : null;
  }
}
