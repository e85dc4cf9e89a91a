package org.sluice.api.auth;

/** How a SASL exchange goes on. Sealed: the listener handles every case. */
public sealed interface SaslStep {
  /**
   * To be sent to the client, encoded as the protocol wants it; its response comes next.
   *
   * @param data may be empty
   */
  record Challenge(byte[] data) implements SaslStep {}

  /** The end: this is who the client is. */
  record Accepted(Identity identity) implements SaslStep {}

  /**
   * The end: wrong name or secret.
   *
   * @param name the login name that the client gave, bytes (ISO-8859-1) as they came: for the log,
   *     in which nothing else of what the client said may stand
   */
  record Refused(String name) implements SaslStep {}

  /** The end: not what the mechanism prescribes. */
  record Malformed() implements SaslStep {}
}
