/** AUTH (RFC 5034). */
package org.sluice.pop3.auth.internal;
