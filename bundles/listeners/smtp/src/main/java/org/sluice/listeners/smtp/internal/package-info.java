/** qmail-smtpd: the SMTP listener (spec 20 section 7). */
package org.sluice.listeners.smtp.internal;
