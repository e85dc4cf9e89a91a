/** The programs qmail-tcpto and qmail-tcpok (spec 10 sections 17.3 and 17.4). */
package org.sluice.admin.tcpto.internal;
