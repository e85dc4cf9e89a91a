package org.sluice.api.mail;

import java.util.List;
import java.util.Optional;

/**
 * A message's header section.
 *
 * @param fields in the order of the message
 * @param truncated whether reading stopped at the limit before the header ended
 */
public record Header(List<HeaderField> fields, boolean truncated) {
  /** Copies the list. */
  public Header {
    fields = List.copyOf(fields);
  }

  /** The body of the first field of this name, compared without case. */
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(HeaderField::body)
        .findFirst();
  }
}
