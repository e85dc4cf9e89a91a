/** The constant database (spec 20 section 3). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.control.cdb;
