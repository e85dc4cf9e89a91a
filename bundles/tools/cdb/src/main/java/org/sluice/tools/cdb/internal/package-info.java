/** The programs cdbmake, cdbget and cdbdump (spec 20 section 3.4). */
package org.sluice.tools.cdb.internal;
