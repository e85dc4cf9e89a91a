package org.sluice.api.filter;

import org.sluice.api.mail.Reply;

/** What a filter decides. Sealed: the host handles every case. */
public sealed interface Verdict {
  /** Ask the next filter. */
  record Continue() implements Verdict {}

  /** Skip the remaining filters of this stage. */
  record Accept() implements Verdict {}

  /** Refuse for good. @param reply 5xx */
  record Reject(Reply reply) implements Verdict {}

  /** Refuse for now. @param reply 4xx */
  record TempFail(Reply reply) implements Verdict {}

  /** Say 250, then drop the message; always logged. @param reason for the log */
  record Discard(String reason) implements Verdict {}

  /** Say 250, then hold the message in the queue. @param reason for the log */
  record Quarantine(String reason) implements Verdict {}

  /** The verdict of a filter that has nothing against it. */
  static Verdict next() {
    return new Continue();
  }
}
