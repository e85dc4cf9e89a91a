package org.sluice.stores.log.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.base.Destination;

/** Gives out work, and takes back what comes to nothing. */
final class Leasing {
  private static final Logger LOG = LoggerFactory.getLogger(Leasing.class);

  /** Of so many messages that are read to be passed over a call returns to its caller. */
  static final int MOST_LOOKED_AT = 1024;

  private final Index index;
  private final Reader reader;
  private final Clock clock;

  /**
   * Milliseconds that only grow: when leases expire. The clock of the wall may jump, and what is
   * leased out must not be leased to a second one for that; when mail is due is the wall's matter.
   */
  private final LongSupplier ticks;

  Leasing(Index index, Reader reader, Clock clock, LongSupplier ticks) {
    this.index = index;
    this.reader = reader;
    this.clock = clock;
    this.ticks = ticks;
  }

  List<Lease> lease(LeaseRequest request) {
    var leases = new ArrayList<Lease>();
    int looked = 0;
    List<Index.Leased> taken;
    do {
      taken = take(request, request.limit() - leases.size());
      for (Index.Leased one : taken) {
        read(one).filter(lease -> wanted(one, lease, request.capped())).ifPresent(leases::add);
      }
      looked += taken.size();
    } while (!request.capped().isEmpty() // else what was taken is all there is
        && !taken.isEmpty()
        && leases.size() < request.limit()
        && looked < MOST_LOOKED_AT);
    return leases;
  }

  private List<Index.Leased> take(LeaseRequest request, int limit) {
    long now = ticks.getAsLong();
    index.lock.lock();
    try {
      index.expire(now);
      return index.lease(
          request.channel(),
          request.dueBy().toEpochMilli(),
          limit,
          request.capped(),
          now + request.duration().toMillis());
    } finally {
      index.lock.unlock();
    }
  }

  private Optional<Lease> read(Index.Leased one) {
    try {
      return reader.lease(one.part(), one.token());
    } catch (IOException | RuntimeException e) {
      // Put off, so that one bad record does not keep the others from their turn.
      LOG.error("message {} cannot be read: {}", one.part().entry.id, e.toString());
      giveBack(one.part(), one.token(), clock.millis() + TimeUnit.MINUTES.toMillis(5));
      return Optional.empty();
    }
  }

  /** Whether there is anything to do but for capped destinations; else it is passed over. */
  private boolean wanted(Index.Leased one, Lease lease, Set<String> capped) {
    if (capped.isEmpty()) {
      return true;
    }
    var destinations =
        lease.recipients().stream()
            .map(recipient -> Destination.of(recipient.address()))
            .collect(Collectors.toUnmodifiableSet());
    if (destinations.isEmpty() || !capped.containsAll(destinations)) {
      return true;
    }
    index.lock.lock();
    try {
      if (leased(one.part(), one.token())) {
        index.passOver(one.part(), destinations);
      }
    } finally {
      index.lock.unlock();
    }
    return false;
  }

  private static boolean leased(Part part, long token) {
    return part.leased && part.token == token;
  }

  boolean giveBack(Lease lease, Instant due) {
    index.lock.lock();
    try {
      Part part = part(lease);
      return part != null && giveBack(part, lease.token(), due.toEpochMilli());
    } finally {
      index.lock.unlock();
    }
  }

  private boolean giveBack(Part part, long token, long when) {
    index.lock.lock();
    try {
      boolean ours = leased(part, token);
      if (ours) {
        index.unlease(part);
        index.reschedule(part, when);
      }
      return ours;
    } finally {
      index.lock.unlock();
    }
  }

  boolean extend(Lease lease, Duration by) {
    index.lock.lock();
    try {
      index.expire(ticks.getAsLong());
      Part part = part(lease);
      boolean ours = part != null && leased(part, lease.token());
      if (ours) {
        index.extend(part, part.expiry + by.toMillis());
      }
      return ours;
    } finally {
      index.lock.unlock();
    }
  }

  /** What a lease is of, or null; with the lock held. */
  private Part part(Lease lease) {
    Entry entry = index.entries.get(lease.id().value());
    return entry == null ? null : Index.part(entry, lease.channel());
  }

  Optional<Instant> nextDue(Channel channel, Set<String> capped) {
    index.lock.lock();
    try {
      index.expire(ticks.getAsLong());
      OptionalLong due = index.nextDue(channel, capped);
      return due.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due.getAsLong()));
    } finally {
      index.lock.unlock();
    }
  }
}
