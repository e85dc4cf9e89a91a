/** The program condredirect (spec 40 section 12.3). */
package org.sluice.programs.condredirect.internal;
