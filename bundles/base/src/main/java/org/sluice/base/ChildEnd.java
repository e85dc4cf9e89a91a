package org.sluice.base;

import java.io.IOException;

/** How a program that was fed with a message has ended. */
public sealed interface ChildEnd {
  /** By itself, with this exit status. */
  record Exited(int status) implements ChildEnd {}

  /** By a signal. */
  record Crashed() implements ChildEnd {}

  /** The message could not be read to its end, so that whatever the program did is void. */
  record Unreadable(IOException cause) implements ChildEnd {}

  /** It could not be started. */
  record NotStarted(IOException cause) implements ChildEnd {}
}
