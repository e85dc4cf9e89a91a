package org.sluice.api.pop3;

/**
 * A command line (spec 20 section 1.3).
 *
 * @param verb what precedes the first space, A to Z in lower case
 * @param argument what follows the spaces after the verb, else empty; trailing spaces are kept;
 *     bytes (ISO-8859-1)
 */
public record Pop3Command(String verb, String argument) {}
