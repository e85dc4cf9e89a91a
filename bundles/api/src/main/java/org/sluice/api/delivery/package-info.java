/** How mail leaves the queue: transports, delivery agents, users. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package org.sluice.api.delivery;
