/** How many connections a client or a network may have, and how often. */
package org.sluice.tcp.limits.internal;
