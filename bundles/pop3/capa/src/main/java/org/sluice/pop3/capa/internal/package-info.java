/** CAPA and response codes (RFC 2449, RFC 3206). */
package org.sluice.pop3.capa.internal;
