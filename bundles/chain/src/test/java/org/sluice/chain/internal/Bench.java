package org.sluice.chain.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.Session;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;

/** A chain as the framework would drive it. */
final class Bench implements AutoCloseable {
  static final ReversePath FROM = new ReversePath("a@b");
  static final Recipient TO = new Recipient("c@d");
  private static final AtomicLong IDS = new AtomicLong();

  final AtomicLong nanoTime = new AtomicLong();
  final AtomicBoolean stopping = new AtomicBoolean();
  final FilterChainService chain;

  Bench(Path spool) {
    this(new SpoolDirectory(spool), settings(List.of(), List.of(), 30));
  }

  Bench(Spool.Place spool, ChainSettings settings) {
    this(spool, settings, Duration.ZERO);
  }

  /** A filter that goes is waited for so long when its transactions have ended. */
  Bench(Spool.Place spool, ChainSettings settings, Duration grace) {
    chain = new FilterChainService(settings, spool, nanoTime::get, stopping::get, grace);
  }

  static ChainSettings settings(List<String> required, List<String> order, long drainSeconds) {
    return new ChainSettings(required, order, Duration.ofSeconds(drainSeconds));
  }

  static Session session(String protocol) {
    return new Session("s1", protocol, Map.of(), Optional.empty(), Instant.EPOCH);
  }

  static Session session() {
    return session("smtp");
  }

  /** The properties of a registration, with what the framework adds. */
  static Map<String, Object> properties(Object service, Object... pairs) {
    Map<String, Object> properties = new HashMap<>();
    List<String> types = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      if (stage.type().isInstance(service)) {
        types.add(stage.type().getName());
      }
    }
    properties.put("objectClass", types.toArray(new String[0]));
    properties.put("service.id", IDS.incrementAndGet());
    properties.put("service.bundleid", 7L);
    put(properties, pairs);
    return properties;
  }

  private static void put(Map<String, Object> properties, Object... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i].toString(), pairs[i + 1]);
    }
  }

  /** A registered service. */
  final class Registered {
    private final Object service;
    private final Map<String, Object> properties;

    private Registered(Object service, Map<String, Object> properties) {
      this.service = service;
      this.properties = properties;
    }

    /** Changes its properties. */
    void set(Object... pairs) {
      put(properties, pairs);
      chain.updated(service, properties);
    }

    /** Returns when the framework could take it back. */
    void remove() {
      chain.unbind(service, properties);
    }
  }

  /** Registers a filter by this name. */
  Registered add(String name, Object service, Object... pairs) {
    Map<String, Object> properties = properties(service, pairs);
    properties.put(FilterProperties.NAME, name);
    chain.bind(service, properties);
    return new Registered(service, properties);
  }

  static MessageSource message(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new BytesMessage(bytes, 0, bytes.length);
  }

  static String text(MessageSource message) throws Exception {
    try (var in = message.open()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** A whole transaction; the outcome at the end of data and the text queued, if it was changed. */
  Result send(String text) throws Exception {
    try (FilterPass pass = chain.begin(session(), FROM)) {
      pass.sender();
      pass.recipient(TO);
      var filtered = pass.message(message(text));
      var changed = filtered.replacement();
      return new Result(filtered, changed.isPresent() ? text(changed.get()) : text);
    }
  }

  record Result(FilterPass.Filtered filtered, String text) {}

  static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 60 s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    chain.configure(settings(List.of(), List.of(), 0));
    chain.close();
  }
}
