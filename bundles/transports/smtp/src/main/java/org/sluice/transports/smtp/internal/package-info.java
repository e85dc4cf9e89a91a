/** The SMTP client: what qmail-rspawn and qmail-remote do (spec 30 sections 2 and 3). */
package org.sluice.transports.smtp.internal;
