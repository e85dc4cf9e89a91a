/** POP3: qmail-popup and qmail-pop3d, each as a program and both in one session. */
package org.sluice.listeners.pop3.internal;
