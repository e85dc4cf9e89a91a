/** Filters by stage of the dialogue, and what they may decide. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package org.sluice.api.filter;
