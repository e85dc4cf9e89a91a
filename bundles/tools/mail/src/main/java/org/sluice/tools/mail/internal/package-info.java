/** The programs mailsubj, elq, qail and pinq (spec 40 sections 16.4 and 17). */
package org.sluice.tools.mail.internal;
