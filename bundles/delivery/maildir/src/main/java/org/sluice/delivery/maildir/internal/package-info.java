/** The Maildir agent (spec 40 section 10). */
package org.sluice.delivery.maildir.internal;
