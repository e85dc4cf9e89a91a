/** The parameter REQUIRETLS (RFC 8689). */
package org.sluice.smtp.requiretls.internal;
