package org.sluice.api.net;

import java.net.InetAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Counts the connections of clients, and says who may have one more. A service, of which a listener
 * with limits uses one at a time. When another takes its place no connection is cut: the new one is
 * told of those that are there ({@link Counts#add}), and the old one is not called any more.
 */
@ConsumerType
@FunctionalInterface
public interface ClientCounter {
  /**
   * Begins to count for one listener. By any thread, also several at once; must not block. If it
   * throws, that is logged, and the listener waits with serving as without a service.
   *
   * @param limits of the listener at the moment
   * @return counts that nobody else uses, without any connection; forgotten when they are not
   *     needed any more
   */
  Counts open(ClientLimits limits);

  /**
   * The counts of one listener. All its methods are called by one thread at a time, the accepting
   * one or that of a session, which the others then wait for: none may block, or use the network or
   * a disk.
   */
  @ConsumerType
  interface Counts {
    /**
     * Whether a client may have one more connection, which counts from then on if so. Asked before
     * the client has heard or said anything, but behind a proxy, or when a trusted client speaks
     * for another (XCLIENT). If it throws, the client is turned away and nothing is counted; that
     * is logged, once in a row.
     *
     * @return empty; or why not, as the log has it before the address: {@code too many from}
     */
    Optional<String> admit(InetAddress client);

    /**
     * Counts a connection that is there already, whatever the limits. It says nothing of when it
     * has come, so that it takes nothing of a rate. What it throws is logged, and the next is
     * added.
     */
    void add(InetAddress client);

    /**
     * A connection that was admitted or added has ended, or is another client's from now on. What
     * it throws is logged.
     */
    void remove(InetAddress client);

    /**
     * From now on these are the limits; what is counted stays counted, and what is remembered of
     * rates that stay the same is remembered. If it throws, that is logged, and new counts are
     * opened.
     */
    void change(ClientLimits limits);
  }
}
