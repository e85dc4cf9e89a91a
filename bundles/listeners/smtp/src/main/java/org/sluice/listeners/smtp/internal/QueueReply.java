package org.sluice.listeners.smtp.internal;

import org.sluice.api.program.ExitCode;

/** qmail-queue's exit status as a reply (spec 20 section 1.6). */
final class QueueReply {
  private QueueReply() {}

  /**
   * The reply.
   *
   * @param custom for status 82: a class letter, D for permanent, and the text (descriptor 6)
   */
  static String of(int status, String custom) {
    if (status == 82 && custom.length() > 2) {
      return (custom.charAt(0) == 'D' ? "554 " : "451 ") + custom.substring(1);
    }
    String text = text(status);
    return (ExitCode.permanentForQueue(status) || status == 115 ? "554 " : "451 ") + text;
  }

  private static String text(int status) {
    return switch (status) {
      case 11, 115 -> "envelope address too long for qq (#5.1.3)";
      case 31 -> "mail server permanently rejected message (#5.3.0)";
      case 51 -> "qq out of memory (#4.3.0)";
      case 52 -> "qq timeout (#4.3.0)";
      case 53 -> "qq write error or disk full (#4.3.0)";
      case 0, 54 -> "qq read error (#4.3.0)";
      case 55 -> "qq unable to read configuration (#4.3.0)";
      case 56 -> "qq trouble making network connection (#4.3.0)";
      case 61 -> "qq trouble in home directory (#4.3.0)";
      case 62, 63, 64, 65, 66 -> "qq trouble creating files in queue (#4.3.0)";
      case 71 -> "mail server temporarily rejected message (#4.3.0)";
      case 72 -> "connection to mail server timed out (#4.4.1)";
      case 73 -> "connection to mail server rejected (#4.4.1)";
      case 74 -> "communication with mail server failed (#4.4.2)";
      case 81, 91 -> "qq internal bug (#4.3.0)";
      case -1 -> "qq crashed (#4.3.0)";
      case 120 -> "unable to exec qq (#4.3.0)";
      default ->
          ExitCode.permanentForQueue(status)
              ? "qq permanent problem (#5.3.0)"
              : "qq temporary problem (#4.3.0)";
    };
  }
}
