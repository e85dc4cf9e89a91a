package org.sluice.programs.host.internal;

import java.util.Optional;
import org.osgi.service.component.ComponentServiceObjects;
import org.sluice.api.program.Program;
import org.sluice.base.Uses;

/**
 * A registered program and the threads inside it. It is asked for when it is called first, for a
 * program may need the host itself. Thread-safe.
 */
final class Hosted implements Comparable<Hosted> {
  private final String name;
  private final int ranking;
  private final long id;
  private final boolean daemon;
  private final ComponentServiceObjects<Program> service;
  private final Uses uses = new Uses();
  private Optional<Program> program = Optional.empty();

  Hosted(
      String name, int ranking, long id, boolean daemon, ComponentServiceObjects<Program> service) {
    this.name = name;
    this.ranking = ranking;
    this.id = id;
    this.daemon = daemon;
    this.service = service;
  }

  String name() {
    return name;
  }

  long id() {
    return id;
  }

  /** Whether it would not end by itself. */
  boolean daemon() {
    return daemon;
  }

  Uses uses() {
    return uses;
  }

  /** The program; empty if it cannot be had. Between {@link Uses#enter} and the end of the stay. */
  synchronized Optional<Program> program() {
    if (program.isEmpty()) {
      program = Optional.ofNullable(service.getService());
    }
    return program;
  }

  /** Gives it back, when no call uses it. */
  synchronized void release() {
    program.ifPresent(service::ungetService);
    program = Optional.empty();
  }

  @Override
  public int compareTo(Hosted other) {
    int byRanking = Integer.compare(other.ranking, ranking);
    return byRanking != 0 ? byRanking : Long.compare(id, other.id);
  }
}
