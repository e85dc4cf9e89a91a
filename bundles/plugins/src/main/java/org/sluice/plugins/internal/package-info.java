/** Keeps the bundles of the directories {@code plugins/} as their jars are. */
package org.sluice.plugins.internal;
