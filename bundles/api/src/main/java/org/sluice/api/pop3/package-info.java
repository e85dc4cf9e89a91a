/** What the POP3 listener lets other bundles add to its dialogue. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.api.pop3;
