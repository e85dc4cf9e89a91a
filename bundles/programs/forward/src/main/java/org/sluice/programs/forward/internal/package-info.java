/** The program forward (spec 40 section 12.1). */
package org.sluice.programs.forward.internal;
