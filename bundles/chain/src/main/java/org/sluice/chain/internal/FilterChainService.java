package org.sluice.chain.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.AnyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.HelloFilter;
import org.sluice.api.filter.MailEvents;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;

/** Collects filter services into generations; a removed one is waited for, then interrupted. */
@Component(
    name = FilterChainService.PID,
    service = {FilterChain.class, FilterChainService.class})
@Designate(ocd = FiltersConfig.class)
public final class FilterChainService implements FilterChain {
  static final String PID = "org.sluice.filters";

  /** One reference for all, so that a service with several interfaces comes and goes as one. */
  static final String FILTERS =
      "(|(objectClass=org.sluice.api.filter.ConnectFilter)"
          + "(objectClass=org.sluice.api.filter.HelloFilter)"
          + "(objectClass=org.sluice.api.filter.SenderFilter)"
          + "(objectClass=org.sluice.api.filter.RecipientFilter)"
          + "(objectClass=org.sluice.api.filter.MessageFilter))";

  private static final Logger LOG = LoggerFactory.getLogger(FilterChainService.class);

  /** The longest drain while the whole system stops: nothing comes after that is waited for. */
  private static final Duration STOPPING = Duration.ofSeconds(5);

  /** How long after a filter's last transaction one of its name may come to take its place. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** When the whole system stops, nobody comes: nobody waits, nor does any mail pass unseen. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final ReentrantLock lock = new ReentrantLock();
  private final Generations generations = new Generations();
  private final Absences absences = new Absences();
  private final List<Filter> filters = new ArrayList<>();
  private final Map<String, Scope> known = new HashMap<>();
  private final Spool.Place spool;
  private final Teller teller = new Teller();
  private final LongSupplier nanoTime;
  private final BooleanSupplier stopping;
  private final Duration grace;
  private ChainSettings settings;
  private volatile boolean closed;

  /** For the framework; changed messages are kept in the home directory, if there is one. */
  @Activate
  public FilterChainService(FiltersConfig config, BundleContext context) {
    this(
        ChainSettings.of(config),
        SpoolDirectory.cleaned(context.getProperty("sluice.home")),
        System::nanoTime,
        () -> context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING,
        GRACE);
  }

  FilterChainService(
      ChainSettings settings,
      Spool.Place spool,
      LongSupplier nanoTime,
      BooleanSupplier stopping,
      Duration grace) {
    this.settings = settings;
    this.spool = spool;
    this.nanoTime = nanoTime;
    this.stopping = stopping;
    this.grace = grace;
    publish();
  }

  /** A new order and new requirements hold for transactions that begin from now on. */
  @Modified
  void modified(FiltersConfig config) {
    configure(ChainSettings.of(config));
  }

  void configure(ChainSettings next) {
    lock.lock();
    try {
      settings = next;
      publish();
    } finally {
      lock.unlock();
    }
  }

  @Reference(
      name = "filter",
      service = AnyService.class,
      target = FILTERS,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      updated = "updated",
      unbind = "unbind")
  void bind(Object service, Map<String, Object> properties) {
    put(service, FilterSettings.of(service, properties));
  }

  /** The new properties hold for transactions that begin from now on. */
  void updated(Object service, Map<String, Object> properties) {
    put(service, FilterSettings.of(service, properties));
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEvents(MailEvents service) {
    teller.bind(service);
  }

  void unbindEvents(MailEvents service) {
    teller.unbind(service);
  }

  private void put(Object service, FilterSettings next) {
    next.problems().forEach(problem -> LOG.warn("filter {}: {}", next.name(), problem));
    lock.lock();
    try {
      if (filters.stream().noneMatch(f -> f.settings().equals(next))) {
        filters.removeIf(f -> f.settings().id() == next.id());
        filters.add(new Filter(service, next, nanoTime));
        known.put(next.name(), next.scope());
        publish();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs before the framework takes the service back: transactions that have it pinned end first,
   * or are told 451 when the drain time is over. It is never called again when this returns. Those
   * that begin meanwhile, and for a moment after, wait for its successor.
   */
  void unbind(Object service, Map<String, Object> properties) {
    long id = FilterSettings.id(properties);
    Set<Filter> removed;
    List<Absences.Absence> absence = List.of();
    Duration drain;
    lock.lock();
    try {
      removed = of(id).collect(Collectors.toSet());
      drain = drain();
      if (!closed) {
        absence = absence(id, drain);
        publish();
      }
    } finally {
      lock.unlock();
    }
    end(removed, drain);
    Duration left = stopping.getAsBoolean() ? FOR_EVER : grace;
    absence.forEach(a -> absences.ended(a, left));
  }

  /** Takes a filter out of the list; before that is published, its absence must be known. */
  private List<Absences.Absence> absence(long id, Duration drain) {
    Optional<Filter> gone = filters.stream().filter(f -> f.settings().id() == id).findFirst();
    gone.ifPresent(filters::remove);
    Duration most = drain.plus(Filter.AFTER_INTERRUPT).plus(grace);
    return gone.map(f -> absences.begin(f.settings(), filters, most)).orElse(List.of());
  }

  /** A service's guard and, if its properties were changed, those that transactions still use. */
  private Stream<Filter> of(long id) {
    return all().filter(f -> f.settings().id() == id);
  }

  private Stream<Filter> all() {
    return Stream.concat(filters.stream(), generations.oldFilters());
  }

  private void end(Set<Filter> removed, Duration drain) {
    generations.drain(removed, drain);
    removed.forEach(Filter::remove);
  }

  private Duration drain() {
    boolean hurry = stopping.getAsBoolean() && settings.drain().compareTo(STOPPING) > 0;
    return hurry ? STOPPING : settings.drain();
  }

  /** Transactions under way end first, as when a filter goes away. */
  @Deactivate
  void close() {
    Set<Filter> removed;
    Duration drain;
    lock.lock();
    try {
      closed = true;
      removed = all().collect(Collectors.toSet());
      publish(); // with the same filters: whoever still comes must not get past them
      drain = drain();
    } finally {
      lock.unlock();
    }
    end(removed, drain);
  }

  private void publish() {
    Map<String, Scope> missing = new HashMap<>();
    for (String name : settings.required()) {
      if (filters.stream().noneMatch(f -> f.settings().name().equals(name))) {
        missing.put(name, known.getOrDefault(name, Scope.UNKNOWN));
      }
    }
    Set<String> before = generations.present().missing().keySet();
    List<Filter> ordered = filters.stream().sorted(settings.comparator()).toList();
    generations.publish(new Generation(ordered, missing));
    absences.changed();
    for (String name : missing.keySet()) {
      if (!before.contains(name)) {
        LOG.warn("filter {} is required and missing: until it comes, clients are told 451", name);
      }
    }
    for (String name : before) {
      if (!missing.containsKey(name)) {
        LOG.info("filter {} is not missing any more", name);
      }
    }
  }

  /** For the status. */
  Generation present() {
    return generations.present();
  }

  ChainSettings settings() {
    lock.lock();
    try {
      return settings;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Verdict connect(Session session) throws InterruptedException {
    return ask(
        Stage.CONNECT, session, filter -> ((ConnectFilter) filter.service()).connect(session));
  }

  @Override
  public Verdict hello(Session session, String name) throws InterruptedException {
    return ask(
        Stage.HELLO, session, filter -> ((HelloFilter) filter.service()).hello(session, name));
  }

  private Verdict ask(Stage stage, Session session, Question question) throws InterruptedException {
    Generation generation = generations.pin();
    try {
      Verdict verdict = question.ask(generation.plan(session.protocol()), stage, session);
      teller.refused(verdict, session::id);
      return verdict;
    } finally {
      generations.release(generation);
    }
  }

  /** Waits while a filter is being replaced; see {@link FilterChain#begin}. */
  @Override
  public FilterPass begin(Session session, ReversePath sender) {
    var transaction = new Transaction(session, sender);
    try {
      Optional<Generation> present = pinned(session.protocol());
      if (present.isPresent()) {
        Generation generation = present.get();
        Plan plan = generation.plan(session.protocol());
        Runnable release = () -> generations.release(generation);
        return new Pass(plan, transaction, spool, teller, release);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Pass(Plan.refusing(Filter.REPLACED), transaction, spool, teller, () -> {});
  }

  /**
   * The present generation, as soon as it lacks no filter whose successor may come; empty if the
   * system stops, so that none will. It is not pinned during the wait, in which a removal might
   * wait for it.
   */
  private Optional<Generation> pinned(String protocol) throws InterruptedException {
    while (true) {
      long seen = absences.changes();
      Generation generation = generations.pin();
      if (!absences.concern(generation, protocol)) {
        return Optional.of(generation);
      }
      generations.release(generation);
      if (closed || stopping.getAsBoolean()) {
        return Optional.empty();
      }
      absences.await(seen);
    }
  }
}
