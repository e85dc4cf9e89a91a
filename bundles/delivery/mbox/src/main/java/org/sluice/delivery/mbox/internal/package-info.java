/** The mbox agent (spec 40 section 9). */
package org.sluice.delivery.mbox.internal;
