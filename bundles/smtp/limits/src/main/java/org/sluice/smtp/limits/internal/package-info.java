/** What one client may do in a session: recipients, errors, time, and speaking out of turn. */
package org.sluice.smtp.limits.internal;
