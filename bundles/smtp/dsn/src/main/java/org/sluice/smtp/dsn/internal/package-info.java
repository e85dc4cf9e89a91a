/** The parameters of DSN (RFC 3461). */
package org.sluice.smtp.dsn.internal;
