/** The qmail contract of a program: arguments, environment and streams in, an exit status out. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.5.0")
package org.sluice.api.program;
