package org.sluice.chain.internal;

import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;

/** What the filters of a stage are asked, when the answer is a verdict and nothing more. */
@FunctionalInterface
interface Question {
  /** Asks one filter, on the filter's thread. */
  Verdict put(Filter filter) throws FilterException, InterruptedException;

  /** Asks all filters of a stage. */
  default Verdict ask(Plan plan, Stage stage, Session session) throws InterruptedException {
    return plan.ask(
        stage, filter -> filter.call(stage, session, () -> Answer.of(put(filter))).verdict());
  }
}
