/** Delivery to a server that speaks LMTP (RFC 2033). */
package org.sluice.delivery.lmtp.internal;
