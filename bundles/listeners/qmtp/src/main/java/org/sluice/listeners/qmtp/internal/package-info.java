/** qmail-qmtpd: the QMTP listener (spec 20 section 8). */
package org.sluice.listeners.qmtp.internal;
