/** Control files by qmail's rules (spec 30 section 1). */
package org.sluice.control.internal;
