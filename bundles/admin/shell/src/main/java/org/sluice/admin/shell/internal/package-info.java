/** Programs as console commands, and the console as a program. */
package org.sluice.admin.shell.internal;
