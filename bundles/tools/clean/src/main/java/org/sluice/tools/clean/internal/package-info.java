/** qmail-clean. */
package org.sluice.tools.clean.internal;
