/** The program qbiff (spec 40 section 13.2). */
package org.sluice.programs.qbiff.internal;
