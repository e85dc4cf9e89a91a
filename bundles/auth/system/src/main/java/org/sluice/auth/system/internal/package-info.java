/** Logins of the system's accounts, where the server runs as root. */
package org.sluice.auth.system.internal;
