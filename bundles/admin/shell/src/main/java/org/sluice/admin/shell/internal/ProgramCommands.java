package org.sluice.admin.shell.internal;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramHost;

/**
 * Registers a command of scope {@code sluice} for every program, as long as it is there. Programs
 * are seen by their references only, so that none is created for the sake of its name.
 */
@Component(
    service = {},
    immediate = true)
public final class ProgramCommands {
  private static final String SCOPE = "sluice";

  private final BundleContext context;
  private final ProgramHost host;
  private final Path home;
  private final Map<Object, ServiceRegistration<Function>> commands = new ConcurrentHashMap<>();

  /** By Declarative Services. */
  @Activate
  public ProgramCommands(BundleContext context, @Reference ProgramHost host) {
    this.context = context;
    this.host = host;
    this.home = Path.of(context.getProperty("sluice.home"));
  }

  @Reference(
      service = Program.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + Program.NAME + "=*)")
  void bindProgram(ServiceReference<Program> program) {
    commands.computeIfAbsent(program, key -> register(program));
  }

  void unbindProgram(ServiceReference<Program> program) {
    ServiceRegistration<Function> command = commands.remove(program);
    if (command != null) {
      command.unregister();
    }
  }

  private ServiceRegistration<Function> register(ServiceReference<Program> program) {
    String name = program.getProperty(Program.NAME).toString();
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(CommandProcessor.COMMAND_SCOPE, SCOPE);
    properties.put(CommandProcessor.COMMAND_FUNCTION, name);
    return context.registerService(
        Function.class, new ProgramCommand(name, host, home), properties);
  }

  @Deactivate
  void stop() {
    commands.values().forEach(ServiceRegistration::unregister);
    commands.clear();
  }
}
