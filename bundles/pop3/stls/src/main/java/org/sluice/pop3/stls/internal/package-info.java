/** STLS (RFC 2595). */
package org.sluice.pop3.stls.internal;
