/** The program qmail-qread (spec 10 section 15). */
package org.sluice.admin.qread.internal;
