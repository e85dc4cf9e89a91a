/** DKIM (RFC 6376): whose signatures on a message are good. */
package org.sluice.filters.dkim.internal;
