/** What {@code bin/<program>} starts: hands its arguments, environment and descriptors over. */
package org.sluice.tools.door.client;
