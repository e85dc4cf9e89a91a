/** qmail-qmqpc: hands messages to a QMQP server (spec 30 section 4). */
package org.sluice.transports.qmqp.internal;
