package org.sluice.stores.log.internal;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Numbers in file names, as this store writes them; what else people leave there is not its own.
 */
final class Numbers {
  private static final Pattern OWN = Pattern.compile("[1-9][0-9]{0,17}");

  private Numbers() {}

  static OptionalLong parse(String text) {
    return OWN.matcher(text).matches()
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
