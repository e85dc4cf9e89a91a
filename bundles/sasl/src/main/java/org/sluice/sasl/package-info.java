/** What bundles that keep passwords share: hashes, the file they stand in, SCRAM's keys. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.sasl;
