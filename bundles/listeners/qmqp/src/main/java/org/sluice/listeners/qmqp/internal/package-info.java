/** qmail-qmqpd: the QMQP listener (spec 20 section 9). */
package org.sluice.listeners.qmqp.internal;
