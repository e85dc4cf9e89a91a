/** XCLIENT, as Postfix has it: a trusted proxy says whom it speaks for. */
package org.sluice.smtp.xclient.internal;
