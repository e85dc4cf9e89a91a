package org.sluice.inject.internal;

import java.util.Map;
import java.util.Optional;

/**
 * Who the caller is (spec 30 section 5.2).
 *
 * @param user in the generated From
 * @param host likewise; empty for the default host
 * @param name likewise; one of no length is a name too
 * @param senderUser in the default envelope sender
 * @param senderHost likewise
 */
record Identity(
    String user,
    Optional<String> host,
    Optional<String> name,
    String senderUser,
    Optional<String> senderHost) {

  static Identity of(Map<String, String> environment) {
    String user =
        first(environment, "QMAILUSER", "MAILUSER", "USER", "LOGNAME").orElse("anonymous");
    Optional<String> host = first(environment, "QMAILHOST", "MAILHOST");
    return new Identity(
        user,
        host,
        first(environment, "QMAILNAME", "MAILNAME", "NAME"),
        first(environment, "QMAILSUSER").orElse(user),
        first(environment, "QMAILSHOST").or(() -> host));
  }

  /** The first that is set, even to nothing. */
  private static Optional<String> first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
