package org.sluice.itest.filter;

import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.stream.Collectors;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.sluice.api.filter.MessageFilter;

/** Registers one filter, with what the manifest says: its behaviour and its service properties. */
public final class FilterActivator implements BundleActivator {
  /** Header: one of {@link TestFilter.Behaviour}. */
  public static final String BEHAVIOUR = "Filter-Behaviour";

  /** Header: service properties, {@code name=value} with blanks between. */
  public static final String PROPERTIES = "Filter-Properties";

  @Override
  public void start(BundleContext context) {
    Dictionary<String, String> headers = context.getBundle().getHeaders();
    var behaviour = TestFilter.Behaviour.valueOf(headers.get(BEHAVIOUR));
    var version = context.getBundle().getVersion().toString();
    var properties =
        new Hashtable<String, Object>(
            Arrays.stream(headers.get(PROPERTIES).split(" "))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    context.registerService(MessageFilter.class, new TestFilter(behaviour, version), properties);
  }

  @Override
  public void stop(BundleContext context) {
    TestFilter.OVER.set(true); // the framework unregisters the service after this
  }
}
