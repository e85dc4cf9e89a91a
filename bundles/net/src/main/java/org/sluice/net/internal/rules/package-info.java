/** tcprules and tcprulescheck: the rules files of listeners (spec 20 section 4). */
package org.sluice.net.internal.rules;
