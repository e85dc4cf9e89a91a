package org.sluice.net.internal;

import org.sluice.api.net.ConnectionHandler;

/** A handler service and the sessions that use it. */
record BoundHandler(long id, int ranking, ConnectionHandler handler, Roster sessions) {}
