package org.sluice.base.program;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Process groups, which Java knows nothing of. */
public final class ProcessGroups {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessGroups.class);
  private static final long SECONDS = 10;

  private ProcessGroups() {}

  /**
   * Kills all processes of groups at once, so that one that starts others in a loop cannot get
   * away; groups that are not there do not matter. An interrupt is kept for the caller.
   *
   * @param leaders the process numbers of those that began the groups, with setsid(1) for example
   */
  public static void kill(List<Long> leaders) {
    if (leaders.isEmpty()) {
      return;
    }
    String groups = leaders.stream().map(pid -> " -" + pid).collect(Collectors.joining());
    boolean interrupted = Thread.interrupted();
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -KILL" + groups + " 2>/dev/null").start();
      if (!kill.waitFor(SECONDS, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("cannot kill the process groups{}", groups, e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
