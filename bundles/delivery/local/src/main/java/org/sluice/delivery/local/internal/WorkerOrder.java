package org.sluice.delivery.local.internal;

import java.util.Map;

/**
 * What a delivery in a worker has around it.
 *
 * @param defaults the argument aliasempty
 * @param environment what commands inherit
 */
record WorkerOrder(String defaults, Map<String, String> environment) {}
