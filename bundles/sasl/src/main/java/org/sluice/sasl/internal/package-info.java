/** All authenticators as one service, and the server's side of the SASL mechanisms. */
package org.sluice.sasl.internal;
