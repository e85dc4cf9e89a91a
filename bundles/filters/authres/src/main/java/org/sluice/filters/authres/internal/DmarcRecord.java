package org.sluice.filters.authres.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A domain's record at {@code _dmarc} (RFC 7489 section 6.3, RFC 9989 section 4.7). Unknown tags
 * and bad values are as if they were not there.
 *
 * @param tags the values in small letters
 */
record DmarcRecord(Map<String, String> tags) {
  private static final Set<String> POLICIES = Set.of("none", "quarantine", "reject");
  private static final int LONGEST = 4_096;
  private static final int ALL = 100;

  /** The only one among the texts of a name; empty if there is none, or more than one. */
  static Optional<DmarcRecord> only(List<String> texts) {
    List<DmarcRecord> records =
        texts.stream().flatMap(text -> DmarcRecord.parse(text).stream()).toList();
    return records.size() == 1 ? Optional.of(records.get(0)) : Optional.empty();
  }

  private static Optional<DmarcRecord> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (String part : text.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String name = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        tags.putIfAbsent(name, part.substring(equals + 1).strip());
      }
      if (tags.isEmpty() || !"DMARC1".equals(tags.get("v"))) {
        return Optional.empty(); // it comes first, or it is something else
      }
    }
    tags.replaceAll((name, value) -> value.toLowerCase(Locale.ROOT));
    return tags.isEmpty() ? Optional.empty() : Optional.of(new DmarcRecord(tags));
  }

  /** Whether this says of itself that it is, or is not, a public suffix: y, n or u. */
  String suffix() {
    return tags.getOrDefault("psd", "u");
  }

  /** What the domain asks for: none, quarantine or reject. */
  String policy(boolean subdomain) {
    String own = known("p").orElse("none");
    return subdomain ? known("sp").orElse(own) : own;
  }

  private Optional<String> known(String tag) {
    return Optional.ofNullable(tags.get(tag)).filter(POLICIES::contains);
  }

  /** Whether names have to be the same, not only of one organization. */
  boolean strict(String tag) {
    return "s".equals(tags.get(tag));
  }

  /**
   * Whether the domain wants its policy kept, for this message.
   *
   * @param dice 0 to 99
   */
  boolean applies(int dice) {
    return !"y".equals(tags.get("t")) && dice < percent();
  }

  private int percent() {
    String text = tags.getOrDefault("pct", "");
    return text.matches("[0-9]{1,3}") ? Math.min(ALL, Integer.parseInt(text)) : ALL;
  }
}
