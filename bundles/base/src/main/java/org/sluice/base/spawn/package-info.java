/** What qmail-lspawn and qmail-rspawn have in common: the channel protocol (spec 10 section 12). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.base.spawn;
