/** The parameter BY of MAIL (RFC 2852). */
package org.sluice.smtp.deliverby.internal;
