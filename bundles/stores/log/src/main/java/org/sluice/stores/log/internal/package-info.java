/** The queue store as one log with group commit (DESIGN.md section 5). */
package org.sluice.stores.log.internal;
