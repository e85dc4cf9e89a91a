/** The programs preline and qsmhook (spec 40 sections 12.5 and 15). */
package org.sluice.programs.preline.internal;
