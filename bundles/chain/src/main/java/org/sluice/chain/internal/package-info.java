/** The filter chain: order, pinned generations, guarded calls (DESIGN.md section 4). */
package org.sluice.chain.internal;
