/** The program fixcrio (spec 20 section 13). */
package org.sluice.tools.fixcrio.internal;
