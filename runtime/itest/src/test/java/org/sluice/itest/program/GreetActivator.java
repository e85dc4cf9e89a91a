package org.sluice.itest.program;

import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.sluice.api.program.Program;

/** Registers the program {@code greet}, which says the version of its bundle. */
public final class GreetActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String words = "greetings from " + context.getBundle().getVersion() + "\n";
    Program greet =
        call -> {
          call.out().write(words.getBytes(StandardCharsets.US_ASCII));
          return 0;
        };
    context.registerService(Program.class, greet, new Hashtable<>(Map.of(Program.NAME, "greet")));
  }

  @Override
  public void stop(BundleContext context) {
    // The framework unregisters the service.
  }
}
