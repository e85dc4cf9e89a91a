/** The queue's core: submission, rewriting, scheduling, bounces. */
package org.sluice.queue.internal;
