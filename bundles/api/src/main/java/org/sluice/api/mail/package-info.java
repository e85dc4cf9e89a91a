/** Envelope, replies and message bytes: the words of RFC 5321 and RFC 5322. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package org.sluice.api.mail;
