package org.sluice.api.mail;

/**
 * One header field.
 *
 * @param name as written, without the colon
 * @param body what follows the colon, folding LFs included, without the last LF; ISO-8859-1
 */
public record HeaderField(String name, String body) {}
