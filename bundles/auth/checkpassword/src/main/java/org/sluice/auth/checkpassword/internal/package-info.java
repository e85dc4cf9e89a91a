/** The checkpassword interface: external checkers as an authenticator, and the program itself. */
package org.sluice.auth.checkpassword.internal;
