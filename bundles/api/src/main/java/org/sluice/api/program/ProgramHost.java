package org.sluice.api.program;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The registered programs, for those who open a door to them. A service. Thread-safe. */
@ProviderType
public interface ProgramHost {
  /**
   * The names of the programs that are there now, in alphabetical order. One that has left counts
   * for some seconds more, in which a run waits for it: its bundle may be being replaced.
   */
  Set<String> names();

  /** Prepares to run a program with an empty environment, directory / and no open descriptor. */
  Execution execution(List<String> argv);
}
