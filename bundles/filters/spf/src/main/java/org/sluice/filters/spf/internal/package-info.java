/** SPF (RFC 7208): whether a client may send mail of its sender's domain. */
package org.sluice.filters.spf.internal;
