package org.sluice.api.pop3;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds to the POP3 dialogue what qmail-popup and qmail-pop3d lack (RFC 2449). A service; asked in
 * the order of service.ranking, higher first. Thread-safe; each session calls it once, on its own
 * thread, before the greeting.
 *
 * <p>A session keeps the extensions that it found when it began, through STLS and the login. One
 * that is unregistered goes on serving them: they have the drain time (30 s) to end by themselves,
 * then they go on without it from their next command on, and after ten seconds more it is called no
 * longer.
 */
@ConsumerType
@FunctionalInterface
public interface Pop3Extension {
  /**
   * Service property: its name, {@code stls} for example. A listener whose environment has the
   * names of extensions in POP3EXTENSIONS lets nobody log in without them.
   */
  String NAME = "sluice.pop3.extension";

  /**
   * Takes part in a session.
   *
   * @param dialogue to be kept for as long as the hooks, and used by the session's thread only
   * @return empty if it has nothing to add to this one; a throw counts as that
   */
  Optional<Pop3Hooks> join(Pop3Dialogue dialogue);
}
