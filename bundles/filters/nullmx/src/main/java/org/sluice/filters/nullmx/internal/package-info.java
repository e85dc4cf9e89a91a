/** The filter. */
package org.sluice.filters.nullmx.internal;
