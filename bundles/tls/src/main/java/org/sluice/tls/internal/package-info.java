/** The server's keys and certificates, read from files and read again when these change. */
package org.sluice.tls.internal;
