/** The programs qmail-qread (spec 10 section 15) and queue. */
package org.sluice.admin.qread.internal;
