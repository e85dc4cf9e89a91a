package org.sluice.api.smtp;

/**
 * A command line (spec 20 section 1.3).
 *
 * @param verb what precedes the first space, A to Z in lower case
 * @param argument what follows the spaces after the verb, else empty; bytes (ISO-8859-1)
 * @param more whether the client has sent more than this line already (RFC 2920)
 */
public record SmtpCommand(String verb, String argument, boolean more) {}
