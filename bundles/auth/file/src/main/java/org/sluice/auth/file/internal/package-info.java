/** Logins whose secrets stand in users/passwords. */
package org.sluice.auth.file.internal;
