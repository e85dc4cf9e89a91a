/** SMTPUTF8 (RFC 6531). */
package org.sluice.smtp.utf8.internal;
