package org.sluice.transports.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import org.sluice.api.delivery.DeliveryResult;

/** From qmail-remote's reports to one result, as qmail-rspawn does it (spec 10 section 12.5). */
final class Condensed {
  private static final String RESULTS = "DZK";

  private Condensed() {}

  /**
   * The result for the only recipient.
   *
   * @param tells whether the server has taken over what the sender wants to be told
   * @param timely whether it has taken over by when the message is to be delivered
   */
  static DeliveryResult of(String reports, boolean tells, boolean timely) {
    if (reports.isEmpty()) {
      return new DeliveryResult.TempFail("qmail-remote produced no output.\n");
    }
    List<String> items = items(reports);
    int result = items.stream().mapToInt(Condensed::rank).filter(r -> r >= 0).findFirst().orElse(0);
    int overall =
        switch (reports.charAt(0)) {
          case 's' -> 1;
          case 'h' -> 0;
          default -> result;
        };
    String text = text(reports, result <= overall);
    return switch (overall) {
      case 2 -> new DeliveryResult.Delivered(text, tells, timely);
      case 1 -> new DeliveryResult.TempFail(text);
      default -> new DeliveryResult.PermFail(text);
    };
  }

  /** The first item, whose first octet may be any, and the second if it tells more. */
  private static String text(String reports, boolean both) {
    int end = reports.indexOf('\0', 1);
    if (end < 0) {
      return "";
    }
    String first = reports.substring(1, end);
    int next = reports.indexOf('\0', end + 1);
    // One that was broken off is no result, but says something.
    String second = reports.substring(end + 1, next < 0 ? reports.length() : next);
    return both && rank(second) >= 0 ? first + second.substring(1) : first;
  }

  /** 0 permanent, 1 temporary, 2 success; -1 for recipient reports. */
  private static int rank(String item) {
    return item.isEmpty() ? -1 : RESULTS.indexOf(item.charAt(0));
  }

  /** What is ended by NUL; a rest without one does not count. */
  private static List<String> items(String reports) {
    var items = new ArrayList<String>();
    int from = 0;
    for (int nul = reports.indexOf(0); nul >= 0; nul = reports.indexOf(0, from)) {
      items.add(reports.substring(from, nul));
      from = nul + 1;
    }
    return items;
  }
}
