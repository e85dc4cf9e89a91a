package org.sluice.chain.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.HelloFilter;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.Threads;

/** Collects filter services into generations; a removed one is waited for, then interrupted. */
@Component(service = FilterChain.class)
public final class FilterChainService implements FilterChain {
  private static final long DRAIN_MILLIS = 30_000;
  private static final long COMMAND_SECONDS = 30;
  private static final long CONTENT_SECONDS = 300;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Generation> old = new ArrayList<>();
  private final ExecutorService threads = Threads.perTask("filter-");
  private final long drainMillis;
  private volatile Generation present = new Generation(List.of());

  /** For the framework. */
  @Activate
  public FilterChainService() {
    this(DRAIN_MILLIS);
  }

  FilterChainService(long drainMillis) {
    this.drainMillis = drainMillis;
  }

  @Deactivate
  void close() {
    threads.shutdownNow();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindConnect(ConnectFilter filter, Map<String, Object> properties) {
    add(filter, properties, COMMAND_SECONDS);
  }

  void unbindConnect(ConnectFilter filter) {
    remove(filter);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindHello(HelloFilter filter, Map<String, Object> properties) {
    add(filter, properties, COMMAND_SECONDS);
  }

  void unbindHello(HelloFilter filter) {
    remove(filter);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindSender(SenderFilter filter, Map<String, Object> properties) {
    add(filter, properties, COMMAND_SECONDS);
  }

  void unbindSender(SenderFilter filter) {
    remove(filter);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindRecipient(RecipientFilter filter, Map<String, Object> properties) {
    add(filter, properties, COMMAND_SECONDS);
  }

  void unbindRecipient(RecipientFilter filter) {
    remove(filter);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindMessage(MessageFilter filter, Map<String, Object> properties) {
    add(filter, properties, CONTENT_SECONDS);
  }

  void unbindMessage(MessageFilter filter) {
    remove(filter);
  }

  private void add(Object service, Map<String, Object> properties, long seconds) {
    lock.lock();
    try {
      List<Filter> next = new ArrayList<>(present.filters());
      if (next.stream().noneMatch(f -> f.service() == service)) {
        next.add(new Filter(service, properties, seconds, threads));
        publish(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private void publish(List<Filter> filters) {
    old.removeIf(generation -> generation.await(0));
    old.add(present);
    present = new Generation(filters);
  }

  /**
   * Runs before the framework takes the service back: transactions that have it pinned end first.
   */
  private void remove(Object service) {
    List<Filter> removed;
    List<Generation> using;
    lock.lock();
    try {
      removed = present.filters().stream().filter(f -> f.service() == service).toList();
      if (removed.isEmpty()) {
        return;
      }
      publish(present.filters().stream().filter(f -> f.service() != service).toList());
      using = old.stream().filter(g -> g.filters().contains(removed.get(0))).toList();
    } finally {
      lock.unlock();
    }
    long end = System.nanoTime() + drainMillis * 1_000_000;
    for (Generation generation : using) {
      if (!generation.await(Math.max(0, (end - System.nanoTime()) / 1_000_000))) {
        removed.forEach(Filter::remove);
      }
    }
    removed.forEach(Filter::remove);
  }

  /** Pins the present generation; it may be replaced between reading and pinning. */
  private Generation pin() {
    lock.lock();
    try {
      present.pin();
      return present;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Verdict connect(Session session) throws InterruptedException {
    Generation generation = pin();
    try {
      return Stage.ask(
          generation.of(ConnectFilter.class, session.protocol()),
          filter -> ((ConnectFilter) filter).connect(session));
    } finally {
      generation.release();
    }
  }

  @Override
  public Verdict hello(Session session, String name) throws InterruptedException {
    Generation generation = pin();
    try {
      return Stage.ask(
          generation.of(HelloFilter.class, session.protocol()),
          filter -> ((HelloFilter) filter).hello(session, name));
    } finally {
      generation.release();
    }
  }

  @Override
  public FilterPass begin(Session session, ReversePath sender) {
    return new Pass(pin(), session, sender);
  }
}
