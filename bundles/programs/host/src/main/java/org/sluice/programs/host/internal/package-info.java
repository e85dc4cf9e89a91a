/** Runs registered programs by name. */
package org.sluice.programs.host.internal;
