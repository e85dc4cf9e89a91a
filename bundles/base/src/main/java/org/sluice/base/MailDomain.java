package org.sluice.base;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Domains as control files list them: with a dot in front, perhaps. Bytes, as ISO-8859-1. */
public final class MailDomain {
  private MailDomain() {}

  /**
   * The domain in A-labels and lower case; an ASCII domain, valid or not, in lower case.
   *
   * @return empty if it has more than ASCII, and is no UTF-8 or gets too long
   */
  public static Optional<String> labels(String domain) {
    String dot = domain.startsWith(".") ? "." : "";
    return ALabels.domain(domain.substring(dot.length())).map(d -> dot + Ascii.lower(d));
  }

  /** The domain in U-labels, where it has A-labels that can be turned back. */
  public static String utf8(String domain) {
    return new String(
        IDN.toUnicode(domain).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Whether a domain in A-labels has one that may stand for a U-label. */
  public static boolean international(String labels) {
    return labels.contains(ALabels.PREFIX);
  }

  /**
   * Those of the entries of a control file that have more than ASCII, in A-labels.
   *
   * @param labels turns an entry into A-labels if that can be done
   */
  public static Set<String> international(
      Set<String> entries, Function<String, Optional<String>> labels) {
    return entries.stream()
        .filter(MailDomain::foreign)
        .flatMap(entry -> labels.apply(entry).stream())
        .collect(Collectors.toSet());
  }

  /** Whether there are octets above 127, so that a domain may have U-labels. */
  private static boolean foreign(String text) {
    return !text.chars().allMatch(c -> c < 0x80);
  }
}
