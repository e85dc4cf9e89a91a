/** The programs qmail-newmrh and qmail-showctl (spec 40 sections 18 and 19). */
package org.sluice.tools.control.internal;
