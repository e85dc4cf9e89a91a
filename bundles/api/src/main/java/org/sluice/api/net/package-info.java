/** Connections that the network layer hands to protocol bundles. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package org.sluice.api.net;
