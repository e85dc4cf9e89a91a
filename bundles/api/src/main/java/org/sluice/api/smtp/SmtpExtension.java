package org.sluice.api.smtp;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds to the SMTP dialogue what qmail-smtpd lacks (RFC 5321 section 2.2). A service; asked in the
 * order of service.ranking, higher first. Thread-safe; each session calls it once, on its own
 * thread, before the greeting.
 *
 * <p>A session keeps the extensions that it found when it began. One that is unregistered goes on
 * serving them: they have the drain time (30 s) to end by themselves, then they are told 421 at
 * their next command outside a transaction, and after ten seconds more it is called no longer.
 */
@ConsumerType
@FunctionalInterface
public interface SmtpExtension {
  /**
   * Service property: its name, {@code starttls} for example. A listener whose environment has the
   * names of extensions in SMTPEXTENSIONS serves nobody without them.
   */
  String NAME = "sluice.smtp.extension";

  /**
   * Takes part in a session.
   *
   * @param dialogue to be kept for as long as the hooks, and used by the session's thread only
   * @return empty if it has nothing to add to this one; a throw counts as that
   */
  Optional<SmtpHooks> join(SmtpDialogue dialogue);
}
