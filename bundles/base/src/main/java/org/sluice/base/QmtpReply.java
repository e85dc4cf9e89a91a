package org.sluice.base;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/**
 * The answers of QMTP and QMQP (spec 20 sections 8.4 and 9.2): K for accepted, Z for later, D for
 * never, then words; bytes as ISO-8859-1, not yet a netstring.
 */
public final class QmtpReply {
  private QmtpReply() {}

  /** What a filter says, as an SMTP reply. */
  public static String of(Reply reply) {
    List<String> lines = reply.lines();
    String status = reply.status().map(s -> " (#" + s + ")").orElse("");
    return (reply.permanent() ? "D" : "Z") + String.join(" ", lines) + status;
  }

  /** What the queue says. */
  public static String of(QueueStatus status) {
    return (status.permanent() ? "D" : "Z") + status.text();
  }

  /** What came of a message. */
  public static String of(Submission.Outcome outcome, Instant now) {
    if (outcome instanceof Submission.Refused refused) {
      return of(refused.reply());
    }
    long process = ((Submission.Accepted) outcome).process();
    return "Kok " + now.getEpochSecond() + " qp " + process;
  }

  /** What the client is told if the verdict is a refusal; empty if it is none. */
  public static Optional<String> refusal(Verdict verdict) {
    if (verdict instanceof Verdict.Reject reject) {
      return Optional.of(of(reject.reply()));
    }
    if (verdict instanceof Verdict.TempFail tempFail) {
      return Optional.of(of(tempFail.reply()));
    }
    return Optional.empty();
  }
}
