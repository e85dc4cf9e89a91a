/** The program recordio (spec 20 section 13). */
package org.sluice.tools.recordio.internal;
