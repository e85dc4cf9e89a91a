package org.sluice.base;

import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;

/**
 * What a failure of the queue program means to whoever submits (spec 20 section 1.6, spec 30 and
 * spec 40 section 11): qmail's words for each exit status.
 *
 * @param permanent class D: trying again is pointless; else class Z
 * @param text the words without the class letter; bytes as ISO-8859-1
 */
public record QueueStatus(boolean permanent, String text) {
  /** The program was ended by a signal. */
  public static final int CRASHED = -1;

  /** The program says itself what is wrong, on descriptor 6. */
  public static final int CUSTOM = 82;

  private static final int LONGEST = 255;

  /** The meaning of a refusal by {@link org.sluice.api.queue.Draft#commit} and others. */
  public static QueueStatus of(QueueException e) {
    return of(e.exitCode(), e.getMessage() == null ? "" : e.getMessage());
  }

  /**
   * The meaning of an exit status; 0 stands for a queue that exited well without having read
   * everything.
   *
   * @param custom what came on descriptor 6, used with status 82 only: D for permanent or another
   *     letter, then the text
   */
  public static QueueStatus of(int status, String custom) {
    if (status == CUSTOM && custom.length() > 2) {
      String text = custom.substring(1, Math.min(custom.length(), LONGEST));
      return new QueueStatus(custom.charAt(0) == 'D', text);
    }
    return switch (status) {
      case 11, 115 -> permanent("envelope address too long for qq (#5.1.3)");
      case 31 -> permanent("mail server permanently rejected message (#5.3.0)");
      case 51 -> temporary("qq out of memory (#4.3.0)");
      case 52 -> temporary("qq timeout (#4.3.0)");
      case 53 -> temporary("qq write error or disk full (#4.3.0)");
      case 0, 54 -> temporary("qq read error (#4.3.0)");
      case 55 -> temporary("qq unable to read configuration (#4.3.0)");
      case 56 -> temporary("qq trouble making network connection (#4.3.0)");
      case 61 -> temporary("qq trouble in home directory (#4.3.0)");
      case 62, 63, 64, 65, 66 -> temporary("qq trouble creating files in queue (#4.3.0)");
      case 71 -> temporary("mail server temporarily rejected message (#4.3.0)");
      case 72 -> temporary("connection to mail server timed out (#4.4.1)");
      case 73 -> temporary("connection to mail server rejected (#4.4.1)");
      case 74 -> temporary("communication with mail server failed (#4.4.2)");
      case 81, 91 -> temporary("qq internal bug (#4.3.0)");
      case CRASHED -> temporary("qq crashed (#4.3.0)");
      case 120 -> temporary("unable to exec qq (#4.3.0)");
      default ->
          ExitCode.permanentForQueue(status)
              ? permanent("qq permanent problem (#5.3.0)")
              : temporary("qq temporary problem (#4.3.0)");
    };
  }

  /** How a program that submits ends: {@code fatal: text}, status 100 or 111. */
  public ProgramExit exit() {
    return permanent ? ProgramExit.permanent(text) : ProgramExit.temporary(text);
  }

  private static QueueStatus permanent(String text) {
    return new QueueStatus(true, text);
  }

  private static QueueStatus temporary(String text) {
    return new QueueStatus(false, text);
  }
}
