/** How a program is run: its context, its descriptors, and programs of the operating system. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.sluice.base.program;
