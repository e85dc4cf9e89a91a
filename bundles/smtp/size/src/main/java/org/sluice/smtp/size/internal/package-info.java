/** SIZE (RFC 1870). */
package org.sluice.smtp.size.internal;
