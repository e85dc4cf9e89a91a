package org.sluice.inject.internal;

import java.time.Instant;

/**
 * What tells a message from all others of this host.
 *
 * @param start when the program was called; the date of the message
 * @param number no other message of that second has it: qmail's process id
 */
record Moment(Instant start, long number) {}
