package org.sluice.base.program;

import java.io.IOException;
import java.util.OptionalInt;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/** The programs of ours that a run can reach, and the queue behind them. Thread-safe. */
public interface ProgramSource {
  /** Runs the program of this name to its end; empty if there is none. */
  OptionalInt run(String name, ProgramContext context) throws IOException, InterruptedException;

  /** The queue for a program without QMAILQUEUE; it fails itself if there is none at the moment. */
  MailQueue queue(ProgramContext context);
}
