package org.sluice.chain.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/**
 * {@code filters [PROTOCOL]}: prints which filters are asked at each stage, in order, and of every
 * other registered filter service why it is not. Ends with 0, or 100 after wrong arguments.
 */
@Component(property = Program.NAME + "=filters")
public final class FiltersProgram implements Program {
  /** What the registry knows beside the chain. */
  interface Registry {
    /** The protocols of all listeners. */
    Set<String> protocols();

    /** Whether there is a program that tells what became of the jars in plugins/. */
    boolean plugins();

    /** All filter services, even those that the chain cannot get, by service.id: their bundles. */
    Map<Long, String> filters();
  }

  private final FilterChainService chain;
  private final Registry registry;
  private final AtomicReference<Observers> observers = new AtomicReference<>();

  /** For the framework. */
  @Activate
  public FiltersProgram(@Reference FilterChainService chain, BundleContext context) {
    this(chain, new Services(context));
  }

  FiltersProgram(FilterChainService chain, Registry registry) {
    this.chain = chain;
    this.registry = registry;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindObservers(Observers service) {
    observers.set(service);
  }

  void unbindObservers(Observers service) {
    observers.compareAndSet(service, null);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    if (context.arguments().size() > 1) {
      print(context.err(), "filters: usage: filters [ PROTOCOL ]\n");
      return ExitCode.PERMANENT;
    }
    var report =
        new Report(chain.present(), chain.settings(), registry.protocols(), registry.filters());
    print(
        context.out(),
        report.text(
            context.arguments().stream().findFirst(), Optional.ofNullable(observers.get())));
    if (registry.plugins()) {
      plugins(context);
    }
    return ExitCode.OK;
  }

  /** A filter may be missing because its jar is not in use: nobody but that program knows. */
  private static void plugins(ProgramContext context) throws IOException, InterruptedException {
    var told = new ByteArrayOutputStream();
    context.execution(List.of("plugins", "-q")).output(1, told).run();
    String lines = told.toString(StandardCharsets.UTF_8);
    print(
        context.out(),
        lines.isEmpty() ? "plugins not in use: none\n" : "plugins not in use:\n" + lines.indent(2));
  }

  private static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The framework's service registry. */
  private record Services(BundleContext context) implements Registry {
    @Override
    public Set<String> protocols() {
      Set<String> protocols = new HashSet<>();
      for (ServiceReference<?> service : find(ConnectionHandler.class.getName(), null)) {
        var properties = new ServiceProperties(service::getProperty);
        protocols.addAll(properties.strings(ConnectionHandler.PROTOCOL));
      }
      return protocols;
    }

    @Override
    public boolean plugins() {
      return find(Program.class.getName(), "(" + Program.NAME + "=plugins)").length > 0;
    }

    @Override
    public Map<Long, String> filters() {
      Map<Long, String> bundles = new TreeMap<>();
      for (ServiceReference<?> service : find(null, FilterChainService.FILTERS)) {
        var bundle = service.getBundle();
        if (bundle != null) { // else it was unregistered just now
          bundles.put(
              (Long) service.getProperty("service.id"),
              bundle.getSymbolicName() + " " + bundle.getVersion());
        }
      }
      return bundles;
    }

    private ServiceReference<?>[] find(String type, String filter) {
      try {
        ServiceReference<?>[] found = context.getAllServiceReferences(type, filter);
        return found == null ? new ServiceReference<?>[0] : found;
      } catch (InvalidSyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
