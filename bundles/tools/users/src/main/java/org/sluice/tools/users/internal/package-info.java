/** The programs qmail-newu and qmail-pw2u (spec 40 sections 3 and 5). */
package org.sluice.tools.users.internal;
