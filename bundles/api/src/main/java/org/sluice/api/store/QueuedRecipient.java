package org.sluice.api.store;

/**
 * A recipient after rewriting.
 *
 * @param channel LOCAL or REMOTE
 * @param address bytes as an ISO-8859-1 string; for LOCAL with the virtual domain's prefix
 */
public record QueuedRecipient(Channel channel, String address) {}
