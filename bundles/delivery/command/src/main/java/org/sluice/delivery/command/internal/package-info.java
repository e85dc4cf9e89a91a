/** The command agent (spec 40 section 8). */
package org.sluice.delivery.command.internal;
