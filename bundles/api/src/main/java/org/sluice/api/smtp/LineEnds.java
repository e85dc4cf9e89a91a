package org.sluice.api.smtp;

/**
 * What the listener makes of line ends in a message that are not CRLF (RFC 5321 section 2.3.8).
 * Whatever it is, only CRLF, dot, CRLF ends the message of DATA.
 *
 * @param lineFeed of an LF without a CR in front
 * @param carriageReturn of a CR without an LF behind
 */
public record LineEnds(BareLf lineFeed, BareCr carriageReturn) {
  /** As qmail-smtpd does it. */
  public static final LineEnds CLASSIC = new LineEnds(BareLf.REJECT_451, BareCr.PASS);

  /**
   * What becomes of a bare LF. BDAT counts its octets, so that there the session goes on in any
   * case: all but {@link #NORMALIZE} refuse the message with 550.
   */
  public enum BareLf {
    /** 451 at once, and the session ends. */
    REJECT_451,
    /** 521 at once, and the session ends: the client is not to try again. */
    REJECT_521,
    /** The message is read to its end and refused with 550; the session goes on. */
    REJECT_550_AT_END,
    /** It ends a line of the text. A dot behind it or in front of it is text. */
    NORMALIZE
  }

  /** What becomes of a bare CR. */
  public enum BareCr {
    /** It is text like any other octet. */
    PASS,
    /** The message is read to its end and refused with 550; the session goes on. */
    REJECT,
    /** It becomes a space. */
    CONVERT
  }
}
