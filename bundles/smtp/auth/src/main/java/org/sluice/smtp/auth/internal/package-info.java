/** AUTH (RFC 4954). */
package org.sluice.smtp.auth.internal;
