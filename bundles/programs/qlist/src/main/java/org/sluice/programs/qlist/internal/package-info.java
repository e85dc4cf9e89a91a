/** The programs qlist and qlist2 (spec 40 section 14). */
package org.sluice.programs.qlist.internal;
