/** CHUNKING (RFC 3030). */
package org.sluice.smtp.chunking.internal;
