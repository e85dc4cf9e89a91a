/** How mail enters the queue: the shape of qmail-queue. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.sluice.api.queue;
