package org.sluice.listeners.smtp.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.base.Ascii;

/** Splits what follows the address in MAIL and RCPT (RFC 5321 section 4.1.2). */
final class Parameters {
  private Parameters() {}

  static List<SmtpParameter> parse(String text) {
    List<SmtpParameter> parameters = new ArrayList<>();
    var words = new StringTokenizer(text, " \t");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      int equals = word.indexOf('=');
      String keyword = Ascii.upper(equals < 0 ? word : word.substring(0, equals));
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
      parameters.add(new SmtpParameter(keyword, value));
    }
    return parameters;
  }
}
