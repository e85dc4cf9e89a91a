/** The forward agent (spec 40 section 11). */
package org.sluice.delivery.forward.internal;
