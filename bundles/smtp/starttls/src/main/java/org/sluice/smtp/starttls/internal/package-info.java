/** STARTTLS (RFC 3207). */
package org.sluice.smtp.starttls.internal;
