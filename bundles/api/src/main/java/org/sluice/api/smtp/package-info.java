/** What the SMTP listener lets other bundles add to its dialogue. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package org.sluice.api.smtp;
