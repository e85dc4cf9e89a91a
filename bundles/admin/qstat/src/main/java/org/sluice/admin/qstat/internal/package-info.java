/** The program qmail-qstat (spec 10 section 16). */
package org.sluice.admin.qstat.internal;
