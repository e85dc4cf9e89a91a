/** The programs maildirmake, maildir2mbox and maildirwatch (spec 40 section 16). */
package org.sluice.tools.maildir.internal;
