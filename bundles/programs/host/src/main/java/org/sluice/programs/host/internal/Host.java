package org.sluice.programs.host.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.QueueException;
import org.sluice.base.Origin;
import org.sluice.base.Uses;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;

/** The registered programs by name. Calls in progress go on with the program they began with. */
@Component(service = ProgramHost.class)
public final class Host implements ProgramHost, ProgramSource {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  private final List<Hosted> programs = new CopyOnWriteArrayList<>();
  private final AtomicReference<Optional<MailQueue>> queue =
      new AtomicReference<>(Optional.empty());
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Duration drain;
  private final long patience;
  private final Away away;

  /** The services that say that further ones come. */
  private final Set<Long> announcing = ConcurrentHashMap.newKeySet();

  /** By Declarative Services. */
  @Activate
  public Host() {
    this(Uses.DELIVERY, PATIENCE);
  }

  Host(Duration drain, Duration patience) {
    this.drain = drain;
    this.patience = patience.toNanos();
    this.away = new Away(patience);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      target = "(" + Program.NAME + "=*)")
  void bindProgram(ComponentServiceObjects<Program> service, Map<String, Object> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer value ? value : 0;
    String name = properties.get(Program.NAME).toString();
    boolean daemon = Boolean.TRUE.equals(properties.get(Program.DAEMON));
    programs.add(new Hosted(name, ranking, id(properties), daemon, service));
    away.came(name);
    updatedProgram(properties);
  }

  void updatedProgram(Map<String, Object> properties) {
    if (Boolean.TRUE.equals(properties.get(Program.MORE))) {
      announcing.add(id(properties));
    } else {
      announcing.remove(id(properties));
    }
  }

  void unbindProgram(Map<String, Object> properties) {
    announcing.remove(id(properties));
    for (Hosted hosted : programs) {
      if (hosted.id() == id(properties)) {
        away.left(hosted.name()); // before it is gone, or somebody would miss it
        programs.remove(hosted);
        if (named(hosted.name()).findAny().isPresent()) {
          away.came(hosted.name());
        }
        if (hosted.daemon()) {
          hosted.uses().interrupt();
        }
        if (!hosted.uses().drain(drain)) {
          LOG.warn("program {} left while it ran; its calls were interrupted", hosted.name());
        }
        hosted.release();
      }
    }
  }

  private static long id(Map<String, Object> properties) {
    return (Long) properties.get("service.id");
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindQueue(MailQueue service) {
    queue.set(Optional.of(service));
  }

  void unbindQueue(MailQueue service) {
    queue.updateAndGet(present -> present.filter(p -> p != service));
  }

  @Override
  public Set<String> names() {
    var names = new TreeSet<String>();
    programs.forEach(hosted -> names.add(hosted.name()));
    return names;
  }

  @Override
  public Execution execution(List<String> argv) {
    return new Run(this, argv, Map.of(), Path.of("/"), Descriptors.NONE, Optional.empty());
  }

  private Stream<Hosted> named(String name) {
    return programs.stream().filter(hosted -> hosted.name().equals(name)).sorted();
  }

  @Override
  public boolean has(String name) throws InterruptedException {
    long begun = System.nanoTime();
    while (named(name).findAny().isEmpty()) {
      if (!expected(name, begun)) {
        return false;
      }
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
    return true;
  }

  private boolean expected(String name, long begun) {
    return away.expected(name) || !announcing.isEmpty() && System.nanoTime() - begun < patience;
  }

  @Override
  public OptionalInt run(String name, ProgramContext context)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    OptionalInt status = now(name, context);
    while (status.isEmpty() && expected(name, begun)) {
      Thread.sleep(LOOK_AGAIN_MILLIS);
      status = now(name, context);
    }
    return status;
  }

  private OptionalInt now(String name, ProgramContext context)
      throws IOException, InterruptedException {
    for (Hosted hosted : named(name).toList()) {
      Optional<Uses.Stay> stay = hosted.uses().enter();
      if (stay.isPresent()) {
        try {
          OptionalInt status = run(hosted, context);
          if (status.isPresent()) {
            return status;
          }
        } finally {
          stay.get().close();
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Empty if the program cannot be had. */
  private static OptionalInt run(Hosted hosted, ProgramContext context)
      throws IOException, InterruptedException {
    Optional<Program> program = Optional.empty();
    try {
      program = hosted.program();
      return program.isEmpty()
          ? OptionalInt.empty()
          : OptionalInt.of(program.get().run(context) & 0xff);
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Throwable e) { // somebody else's code: whatever it throws, the mail is to wait
      String origin = program.map(Origin::of).orElse("which could not be had");
      LOG.warn("program {} failed: {}", hosted.name(), origin, e);
      return OptionalInt.of(ExitCode.TEMPORARY);
    }
  }

  @Override
  public MailQueue queue(ProgramContext context) {
    return origin -> {
      var present = queue.get();
      if (present.isEmpty()) {
        throw new QueueException(ExitCode.QUEUE, "the queue is not available at the moment");
      }
      return present.get().open(origin);
    };
  }
}
