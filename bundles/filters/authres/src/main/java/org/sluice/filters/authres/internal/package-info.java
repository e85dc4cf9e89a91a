/** What filters have found out about a message, in one field Authentication-Results (RFC 8601). */
package org.sluice.filters.authres.internal;
