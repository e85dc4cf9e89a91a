package org.sluice.api.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongConsumer;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.mail.MessageSource;

/**
 * A program about to be run: fork(2), dup2(2) and exec(3). A first word without a slash that names
 * a registered {@link Program} is run in process; else the operating system's program of that name.
 * Used by one thread, run once.
 */
@ProviderType
public interface Execution {
  /** Replaces the environment; names and values are strings of bytes (ISO-8859-1). */
  Execution environment(Map<String, String> environment);

  /** Changes the working directory. */
  Execution directory(Path directory);

  /** Replaces all descriptors; those opened on this execution itself come first. */
  Execution descriptors(Descriptors descriptors);

  /** Opens a descriptor for reading. The stream is read up to its end and not closed. */
  Execution input(int descriptor, InputStream stream);

  /** Opens descriptor 0 on a message; the program can begin it again. */
  Execution message(MessageSource message);

  /** Opens a descriptor for writing. The stream is flushed and not closed. */
  Execution output(int descriptor, OutputStream stream);

  /**
   * Runs it as this user, in this group and no other; a program of the operating system then, even
   * if a registered one has the name, unless the user is the caller's own.
   */
  Execution user(int uid, int gid);

  /**
   * Starts a program of the operating system the way of ucspi-tcp: searched in the PATH that the
   * caller has, whatever {@link #environment} gives the program, and by execve(2), so that a file
   * that is neither a binary nor begins with {@code #!} cannot be started. Without this it is
   * execvp(3): searched in the PATH that the program gets, and such a file is run by sh.
   */
  Execution pathexec();

  /**
   * Keeps the statuses 129 to 192 of {@link #run} for ends by a signal: a program that exits with
   * one of these by itself is told as 128. Without this the two cannot be told apart. It costs a
   * process more; where the system has no awk(1) that tells signals it changes nothing.
   */
  Execution tellSignals();

  /**
   * Tells the number of the program's process, that of this one if it runs in process: once, by the
   * thread of {@link #run}, before that returns; not if it throws. With {@link #tellSignals} only
   * where no descriptor 1 is opened for writing.
   */
  Execution tellProcess(LongConsumer told);

  /** Kills it at this instant; then {@link #run} throws an InterruptedIOException. */
  Execution deadline(Instant deadline);

  /**
   * Runs it to its end.
   *
   * @return the exit status, 0 to 255; 128 + n if signal n ended it
   * @throws IOException if it cannot be started, or its descriptors fail
   * @throws InterruptedException if the caller was interrupted; the program has been killed then
   */
  int run() throws IOException, InterruptedException;
}
