/** The listening sockets: what tcpserver does for qmail. */
package org.sluice.net.internal;
