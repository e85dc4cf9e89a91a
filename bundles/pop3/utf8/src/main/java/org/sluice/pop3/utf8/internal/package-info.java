/** UTF8 (RFC 6856). */
package org.sluice.pop3.utf8.internal;
