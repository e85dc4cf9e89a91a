package org.sluice.admin.tcpto.internal;

import java.io.IOException;
import org.sluice.base.MboxLock;
import org.sluice.base.ProgramExit;
import org.sluice.base.TimeoutTable;

/** What can fail with the table, in the words of the program that uses it. */
record TableFailure(String open, String lock) {
  /** Opens a table. */
  interface Opening {
    TimeoutTable open() throws IOException, InterruptedException, MboxLock.TimedOut;
  }

  /** The table, opened and locked. */
  TimeoutTable orLocked(Opening opening) throws ProgramExit, InterruptedException {
    TimeoutTable table;
    try {
      table = opening.open();
    } catch (IOException e) {
      throw ProgramExit.temporary(open, e);
    } catch (MboxLock.TimedOut e) {
      throw inUse();
    }
    boolean done = false;
    try {
      table.lock();
      done = true;
      return table;
    } catch (IOException e) {
      throw ProgramExit.temporary(lock, e);
    } catch (MboxLock.TimedOut e) {
      throw inUse();
    } finally {
      if (!done) {
        table.close();
      }
    }
  }

  /** qmail's programs wait for ever, ours as long as their callers. */
  private ProgramExit inUse() {
    return ProgramExit.temporary(lock, new IOException("Resource temporarily unavailable"));
  }
}
