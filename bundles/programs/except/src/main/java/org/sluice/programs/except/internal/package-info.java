/** The program except (spec 40 section 12.4). */
package org.sluice.programs.except.internal;
