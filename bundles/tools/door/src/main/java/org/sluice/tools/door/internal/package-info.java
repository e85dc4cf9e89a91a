/** The command-line door: runs registered programs for {@code bin/<program>}. */
package org.sluice.tools.door.internal;
