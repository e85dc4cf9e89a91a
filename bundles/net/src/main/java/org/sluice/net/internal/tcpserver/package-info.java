/** tcpserver and tcp-env: programs on connections (spec 20 sections 5 and 6). */
package org.sluice.net.internal.tcpserver;
