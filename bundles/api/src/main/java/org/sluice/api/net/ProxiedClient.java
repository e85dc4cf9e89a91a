package org.sluice.api.net;

import java.net.InetSocketAddress;

/**
 * Both ends of a connection to a proxy, which it hands on; addresses, never names.
 *
 * @param client who speaks to the proxy
 * @param server the proxy's address that it speaks to
 */
public record ProxiedClient(InetSocketAddress client, InetSocketAddress server) {}
