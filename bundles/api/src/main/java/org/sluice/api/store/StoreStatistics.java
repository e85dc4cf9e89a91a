package org.sluice.api.store;

/**
 * Counters of a store.
 *
 * @param messages queued messages
 * @param recipients unfinished recipients
 * @param held messages on hold
 * @param leased leases given out
 * @param forces forced writes since the start
 * @param commits commits since the start
 */
public record StoreStatistics(
    long messages, long recipients, long held, long leased, long forces, long commits) {}
