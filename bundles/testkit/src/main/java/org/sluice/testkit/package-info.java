/**
 * For tests only, never shipped: the recorded runs of the real programs, and what many tests need.
 */
package org.sluice.testkit;
