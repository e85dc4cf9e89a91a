package org.sluice.tcp.limits.internal;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ClientLimits;

/** The clients of one listener. Used by one thread at a time, so it has no lock. */
final class ListenerCounts implements ClientCounter.Counts {
  private final LongSupplier nanos;
  private final Shares shares;
  private ClientLimits limits;
  private Rates rates;

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  ListenerCounts(ClientLimits limits, LongSupplier nanos) {
    this.nanos = nanos;
    this.limits = limits;
    shares = new Shares(limits.perAddress(), limits.perNetwork(), ClientNetwork.of(limits));
    rates = Rates.of(limits, nanos);
  }

  @Override
  public Optional<String> admit(InetAddress client) {
    return rates.admit(client).or(() -> shares.admit(client));
  }

  @Override
  public void add(InetAddress client) {
    shares.add(client);
  }

  @Override
  public void remove(InetAddress client) {
    shares.remove(client);
  }

  @Override
  public void change(ClientLimits next) {
    rates = rates.next(limits, next, nanos);
    shares.limits(next.perAddress(), next.perNetwork(), ClientNetwork.of(next));
    limits = next;
  }
}
