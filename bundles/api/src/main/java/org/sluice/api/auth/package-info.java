/** Who a client is: the contract of checkpassword as a service. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.sluice.api.auth;
