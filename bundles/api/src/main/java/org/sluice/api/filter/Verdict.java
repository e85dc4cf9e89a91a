package org.sluice.api.filter;

import java.util.Objects;
import org.sluice.api.mail.Reply;

/**
 * What a filter decides. Sealed: the host handles every case.
 *
 * <p>For a transaction the first of Reject, TempFail and Discard counts and no further filter is
 * asked. Quarantine is kept while the further filters are asked, and counts if they let the message
 * live. At connection and at HELO there is no message yet: Discard and Quarantine count as a
 * failure of the filter there.
 */
public sealed interface Verdict {
  /** Ask the next filter. */
  record Continue() implements Verdict {}

  /** Skip the remaining filters of this stage. */
  record Accept() implements Verdict {}

  /** Refuse for good. @param reply 5xx */
  record Reject(Reply reply) implements Verdict {
    /** Checks the code: a client that is told 250 forgets the message. */
    public Reject {
      if (reply.code() < 500) {
        throw new IllegalArgumentException("Reject needs a 5xx reply: " + reply.code());
      }
    }
  }

  /** Refuse for now. @param reply 4xx */
  record TempFail(Reply reply) implements Verdict {
    /** Checks the code. */
    public TempFail {
      if (reply.code() < 400 || reply.code() > 499) {
        throw new IllegalArgumentException("TempFail needs a 4xx reply: " + reply.code());
      }
    }
  }

  /** Say 250, then drop the message; always logged. @param reason for the log */
  record Discard(String reason) implements Verdict {
    /** Checks that there is a reason. */
    public Discard {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Say 250, then hold the message in the queue. @param reason for the log */
  record Quarantine(String reason) implements Verdict {
    /** Checks that there is a reason. */
    public Quarantine {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** The verdict of a filter that has nothing against it. */
  static Verdict next() {
    return new Continue();
  }
}
