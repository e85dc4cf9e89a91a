package org.sluice.itest.filter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.stream.Collectors;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailObserver;
import org.sluice.api.filter.MessageFilter;

/**
 * Registers one filter, with the behaviour and the service properties of the manifest, or an
 * observer.
 */
public final class FilterActivator implements BundleActivator {
  /** Header: one of {@link TestFilter.Behaviour}. */
  public static final String BEHAVIOUR = "Filter-Behaviour";

  /** Header: service properties, {@code name=value} with blanks between. */
  public static final String PROPERTIES = "Filter-Properties";

  /** Header: the file to which it writes what it observes; none: it does not observe. */
  public static final String OBSERVATIONS = "Filter-Observations";

  @Override
  public void start(BundleContext context) {
    Dictionary<String, String> headers = context.getBundle().getHeaders();
    String file = headers.get(OBSERVATIONS);
    if (file != null) {
      context.registerService(
          MailObserver.class, event -> write(Path.of(file), event), new Hashtable<>());
      return;
    }
    var behaviour = TestFilter.Behaviour.valueOf(headers.get(BEHAVIOUR));
    var version = context.getBundle().getVersion().toString();
    var properties =
        new Hashtable<String, Object>(
            Arrays.stream(headers.get(PROPERTIES).split(" "))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    context.registerService(MessageFilter.class, new TestFilter(behaviour, version), properties);
  }

  private static void write(Path file, MailEvent event) {
    try {
      String line = event.type() + (event.id().isPresent() ? " queued " : " ") + event.detail();
      Files.writeString(
          file, line.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop(BundleContext context) {
    TestFilter.OVER.set(true); // the framework unregisters the service after this
  }
}
