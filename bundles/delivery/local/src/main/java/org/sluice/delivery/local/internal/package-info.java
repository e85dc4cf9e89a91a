/** Local delivery: the jobs of qmail-lspawn and qmail-local (spec 40 sections 2, 6 and 7). */
package org.sluice.delivery.local.internal;
