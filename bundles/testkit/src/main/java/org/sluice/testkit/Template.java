package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.base.PathBytes;

/**
 * The placeholders of the vectors: {@code {home}} and {@code {qmail}}, whose values are known, and
 * {@code {DATE}}, {@code {QP}} and others, which stand for any text of their form.
 */
public final class Template {
  /** The date of an mbox, 24 octets: {@code {DATE}} unless told otherwise. */
  public static final String MBOX_DATE = "\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\d{4}";

  /** The date of a header: {@code 4 Nov 2026 11:46:07 -0000}. */
  public static final String HEADER_DATE = "\\d{1,2} \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d -0000";

  private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z0-9_]+)\\}");
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> forms = new HashMap<>();

  /** Knows DATE, QP, PID, TIME, LEN and UNIQ. */
  public Template() {
    forms.put("DATE", MBOX_DATE);
    forms.put("UNIQ", "\\d+\\.\\d+\\.[^/]+");
    for (String number : new String[] {"QP", "PID", "TIME", "LEN"}) {
      forms.put(number, "\\d+");
    }
  }

  /** A place whose value is a directory, {@code home} or {@code qmail}. */
  public Template value(String name, Path directory) {
    return value(name, PathBytes.bytes(directory));
  }

  /** A place whose value is known. */
  public Template value(String name, String value) {
    values.put(name, value);
    return this;
  }

  /** A place that stands for any text of this form. */
  public Template form(String name, String regularExpression) {
    forms.put(name, regularExpression);
    return this;
  }

  /** The text with the values that are known in their places. */
  public String fill(String text) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place ->
                java.util.regex.Matcher.quoteReplacement(
                    values.getOrDefault(place.group(1), place.group())));
  }

  /** Whether a text is the filled template, octet for octet. */
  public boolean matches(String template, String actual) {
    return pattern(fill(template)).matcher(actual).matches();
  }

  /** Asserts that it matches; {@code what} says what the text is. */
  public void check(String template, String actual, String what) {
    if (!matches(template, actual)) {
      assertEquals(fill(template), actual, what);
    }
  }

  private Pattern pattern(String filled) {
    var out = new StringBuilder();
    var place = PLACE.matcher(filled);
    int from = 0;
    while (place.find()) {
      if (forms.containsKey(place.group(1))) {
        out.append(Pattern.quote(filled.substring(from, place.start())));
        out.append("(?:").append(forms.get(place.group(1))).append(')');
        from = place.end();
      }
    }
    out.append(Pattern.quote(filled.substring(from)));
    return Pattern.compile(out.toString(), Pattern.DOTALL);
  }
}
