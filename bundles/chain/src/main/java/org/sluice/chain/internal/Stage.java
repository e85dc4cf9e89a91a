package org.sluice.chain.internal;

import java.util.List;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.Verdict;

/** Asks the filters of one stage in order until one decides. */
final class Stage {
  /** One question, put to one filter service. */
  interface Question {
    Verdict ask(Object filter) throws FilterException, InterruptedException;
  }

  private Stage() {}

  static Verdict ask(List<Filter> filters, Question question) throws InterruptedException {
    for (Filter filter : filters) {
      Verdict verdict = filter.call(() -> question.ask(filter.service()));
      if (verdict instanceof Verdict.Accept) {
        return Verdict.next();
      }
      if (!(verdict instanceof Verdict.Continue)) {
        return verdict;
      }
    }
    return Verdict.next();
  }
}
