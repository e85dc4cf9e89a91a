package org.sluice.api.store;

/**
 * One recipient of a lease.
 *
 * @param index position in the {@link QueueRecord}
 * @param address as queued
 * @param channel the recipient's own channel
 * @param report why it failed, for {@link Channel#BOUNCE}; else empty
 */
public record LeasedRecipient(int index, String address, Channel channel, String report) {}
