/**
 * What several bundles need and none owns: threads, dates, directory forcing, byte strings,
 * netstrings, and what every listener does with a message.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.base;
