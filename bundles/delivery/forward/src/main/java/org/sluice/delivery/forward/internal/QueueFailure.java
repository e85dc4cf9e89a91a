package org.sluice.delivery.forward.internal;

import java.util.Map;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;

/** qmail's words for what the queue program's exit status means (spec 40 section 11). */
final class QueueFailure {
  private static final int CUSTOM = 82;
  private static final String CREATE = "Zqq trouble creating files in queue (#4.3.0)";
  private static final String BUG = "Zqq internal bug (#4.3.0)";
  private static final String TOO_LONG = "Denvelope address too long for qq (#5.1.3)";
  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(11, TOO_LONG),
          Map.entry(115, TOO_LONG),
          Map.entry(31, "Dmail server permanently rejected message (#5.3.0)"),
          Map.entry(51, "Zqq out of memory (#4.3.0)"),
          Map.entry(52, "Zqq timeout (#4.3.0)"),
          Map.entry(53, "Zqq write error or disk full (#4.3.0)"),
          Map.entry(54, "Zqq read error (#4.3.0)"),
          Map.entry(55, "Zqq unable to read configuration (#4.3.0)"),
          Map.entry(56, "Zqq trouble making network connection (#4.3.0)"),
          Map.entry(61, "Zqq trouble in home directory (#4.3.0)"),
          Map.entry(62, CREATE),
          Map.entry(63, CREATE),
          Map.entry(64, CREATE),
          Map.entry(65, CREATE),
          Map.entry(66, CREATE),
          Map.entry(71, "Zmail server temporarily rejected message (#4.3.0)"),
          Map.entry(72, "Zconnection to mail server timed out (#4.4.1)"),
          Map.entry(73, "Zconnection to mail server rejected (#4.4.1)"),
          Map.entry(74, "Zcommunication with mail server failed (#4.4.2)"),
          Map.entry(81, BUG),
          Map.entry(91, BUG),
          Map.entry(120, "Zunable to exec qq (#4.3.0)"));

  private QueueFailure() {}

  /** The report of qmail-local. */
  static DeliveryResult result(QueueException e) {
    String text = text(e);
    String why = "Unable to forward message: " + text.substring(1) + ".\n";
    return text.charAt(0) == 'D'
        ? new DeliveryResult.PermFail(why)
        : new DeliveryResult.TempFail(why);
  }

  private static String text(QueueException e) {
    String custom = e.getMessage();
    if (e.exitCode() == CUSTOM && custom != null && custom.length() > 2) {
      return custom.substring(0, Math.min(custom.length(), 255));
    }
    String other =
        ExitCode.permanentForQueue(e.exitCode())
            ? "Dqq permanent problem (#5.3.0)"
            : "Zqq temporary problem (#4.3.0)";
    return TEXTS.getOrDefault(e.exitCode(), other);
  }
}
