package org.sluice.api.store;

/** What an operator can do to a queued message. */
public enum QueueAction {
  /** Keep it, deliver nothing. */
  HOLD,
  /** End a hold; due at once. */
  RELEASE,
  /** Due at once, unless held. */
  FLUSH,
  /** Fail the unfinished recipients, so that the sender is told. */
  BOUNCE,
  /** Take it out of the queue; nobody is told. */
  REMOVE
}
