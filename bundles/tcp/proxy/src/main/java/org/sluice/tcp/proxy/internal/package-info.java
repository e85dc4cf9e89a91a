/** The PROXY protocol, by which a proxy says whose connection it hands on. */
package org.sluice.tcp.proxy.internal;
