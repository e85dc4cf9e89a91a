/** Tells strangers to come again: what sends mail and nothing else does not. */
package org.sluice.filters.greylist.internal;
