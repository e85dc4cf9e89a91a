/** Injection of mail: qmail-inject, sendmail and what is called in its place (spec 30). */
package org.sluice.inject.internal;
