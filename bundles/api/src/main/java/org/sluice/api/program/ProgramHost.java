package org.sluice.api.program;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The registered programs, for those who open a door to them. A service. Thread-safe. */
@ProviderType
public interface ProgramHost {
  /** The names of the programs that are there now, in alphabetical order. */
  Set<String> names();

  /**
   * Whether there is a program of this name. Waits for some seconds at most for one that was there
   * a moment ago, for its bundle may be being replaced, and for any while {@link Program#MORE} says
   * that further ones come.
   */
  default boolean has(String name) throws InterruptedException {
    return names().contains(name);
  }

  /** Prepares to run a program with an empty environment, directory / and no open descriptor. */
  Execution execution(List<String> argv);
}
