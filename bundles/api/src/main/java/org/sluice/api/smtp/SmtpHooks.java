package org.sluice.api.smtp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;

/**
 * One extension's part in one session; its fields hold what it remembers of the session. Every
 * method is called by the session's thread and does nothing unless overridden. A throw is logged,
 * the client is told 451 and the session goes on; {@link #keywords}, {@link #takesParameters}, the
 * parameters, {@link #edit} and {@link #reset} then count as not there. Waiting for the client is
 * bounded by the session's time-out. The exceptions of {@link SmtpDialogue} are to be passed on:
 * the session has ended.
 */
@ConsumerType
public interface SmtpHooks {
  /**
   * Before the greeting.
   *
   * @return a reply that is sent in place of the greeting and ends the session
   */
  default Optional<Reply> connected() throws IOException, InterruptedException {
    return Optional.empty();
  }

  /** The lines to add to the answer to EHLO, for example {@code SIZE 1000000}; asked each time. */
  default List<String> keywords() {
    return List.of();
  }

  /**
   * Whether its parameters count from now on; asked right after {@link #keywords}. If that has
   * announced something, unless overridden: one may have nothing to announce at the moment, and
   * still understand what belongs to it.
   *
   * @param announced what {@link #keywords} has said
   */
  default boolean takesParameters(List<String> announced) {
    return !announced.isEmpty();
  }

  /**
   * The parameters that it takes on MAIL, in upper case, for example {@code SIZE}; always the same.
   * They count once {@link #takesParameters} has said so: what nobody takes the listener refuses
   * (555), likewise what is malformed or said twice (501). While no extension takes any, on MAIL or
   * on RCPT, all are ignored as qmail does. A value is the extension's to check, and whether there
   * has to be one; BODY is the listener's own.
   */
  default Set<String> mailParameters() {
    return Set.of();
  }

  /** The parameters that it takes on RCPT, likewise. */
  default Set<String> recipientParameters() {
    return Set.of();
  }

  /**
   * Each command, before the listener acts on it: the place for a verb of one's own (STARTTLS), and
   * for refusing one of the listener's (MAIL before AUTH). Not called for the answers that {@link
   * SmtpDialogue#ask} reads.
   *
   * @return {@link SmtpAnswer.Pass} to leave it to the next extension and then to the listener
   */
  default SmtpAnswer command(SmtpCommand command) throws IOException, InterruptedException {
    return SmtpAnswer.pass();
  }

  /**
   * MAIL, when the listener has nothing against it and before filters are asked. {@link
   * SmtpDialogue#transaction} is the new one; keep in its attributes what others shall see.
   *
   * @param parameters all of them, in order, not yet checked; pick out one's own, for the others
   *     see {@link #mailParameters}. None before EHLO and after HELO
   * @return a reply that refuses, after which all is as it was before: a transaction that an
   *     earlier MAIL has begun goes on. So what lasts as long as a transaction is best kept in its
   *     attributes, not in a field
   */
  default Optional<Reply> mail(List<SmtpParameter> parameters)
      throws IOException, InterruptedException {
    return Optional.empty();
  }

  /**
   * RCPT, when the listener has nothing against it and before filters are asked.
   *
   * @param recipient with what RELAYCLIENT appends
   * @param parameters as for {@link #mail}
   * @return a reply that refuses this recipient
   */
  default Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters)
      throws IOException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Each reply on its way out, from whomever, in order of ranking; not the greeting, not the
   * answers to HELO and EHLO.
   *
   * @param verb the command, lower case
   * @return the reply or another one of the same class (2xx, 3xx, 4xx, 5xx)
   */
  default Reply edit(String verb, Reply reply) {
    return reply;
  }

  /**
   * The transaction is over: queued, refused, RSET, HELO, EHLO, a new MAIL, TLS or the end of the
   * session. Of a new MAIL that comes before {@link #mail}, also if that refuses.
   */
  default void reset() {}
}
