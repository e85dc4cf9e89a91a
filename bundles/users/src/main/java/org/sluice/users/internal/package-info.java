/** Who controls a local address: users/assign, the system's accounts, the alias user. */
package org.sluice.users.internal;
