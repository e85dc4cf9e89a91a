/** The program rblsmtpd (spec 20 section 13.1). */
package org.sluice.tools.rblsmtpd.internal;
