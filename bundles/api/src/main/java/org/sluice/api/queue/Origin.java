package org.sluice.api.queue;

/**
 * Who hands a message in; decides the text of the queue's trace line (spec 10 section 2.4).
 *
 * @param kind the role
 * @param uid the submitter's user id, used by {@link Kind#USER}
 */
public record Origin(Kind kind, int uid) {
  /** The roles that the trace line tells apart. */
  public enum Kind {
    /** A listener: {@code invoked from network}. */
    NETWORK,
    /** The alias user: {@code invoked by alias}. */
    ALIAS,
    /** The queue itself: {@code invoked for bounce}. */
    BOUNCE,
    /** Anyone else: {@code invoked by uid N}. */
    USER
  }

  /** A network listener. */
  public static final Origin NETWORK = new Origin(Kind.NETWORK, 0);

  /** The alias user. */
  public static final Origin ALIAS = new Origin(Kind.ALIAS, 0);

  /** The queue's own bounces. */
  public static final Origin BOUNCE = new Origin(Kind.BOUNCE, 0);

  /** The user with this id. */
  public static Origin user(int uid) {
    return new Origin(Kind.USER, uid);
  }
}
