package org.sluice.api.smtp;

import java.util.Optional;

/**
 * A parameter of MAIL or RCPT (RFC 5321 section 4.1.2).
 *
 * @param keyword A to Z in upper case, for example {@code SIZE}
 * @param value what follows the equals sign, bytes (ISO-8859-1) not yet checked; empty without one
 */
public record SmtpParameter(String keyword, Optional<String> value) {}
