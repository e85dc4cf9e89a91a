/** The program splogger (spec 10 section 14). */
package org.sluice.admin.splogger.internal;
