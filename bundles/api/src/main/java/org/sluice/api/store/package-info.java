/** What a queue store must do: leases over durable messages. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.4.0")
package org.sluice.api.store;
