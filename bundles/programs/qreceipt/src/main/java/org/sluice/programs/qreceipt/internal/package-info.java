/** The program qreceipt (spec 40 section 13.3). */
package org.sluice.programs.qreceipt.internal;
