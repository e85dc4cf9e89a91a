package org.sluice.programs.host.internal;

import org.sluice.api.program.Program;
import org.sluice.base.Uses;

/** A registered program and the threads inside it. */
record Hosted(String name, int ranking, long id, Program program, Uses uses)
    implements Comparable<Hosted> {
  @Override
  public int compareTo(Hosted other) {
    int byRanking = Integer.compare(other.ranking, ranking);
    return byRanking != 0 ? byRanking : Long.compare(id, other.id);
  }
}
