/** Refuses recipients that local delivery would bounce, while the client is still there. */
package org.sluice.filters.recipients.internal;
