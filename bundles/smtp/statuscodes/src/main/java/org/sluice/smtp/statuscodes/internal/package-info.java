/** ENHANCEDSTATUSCODES (RFC 2034). */
package org.sluice.smtp.statuscodes.internal;
