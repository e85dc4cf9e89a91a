package org.sluice.queue.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.sluice.api.control.Control;

/**
 * Numbers from control files. One that cannot be read any more stays as it was; qmail-send, too,
 * goes on with what it has read. For one thread.
 */
final class LastGood {
  private final Map<String, Long> known = new HashMap<>();

  /**
   * The value, never negative.
   *
   * @throws IOException if it has never been readable
   */
  long number(Control control, String name, long defaultValue) throws IOException {
    try {
      long value = Math.max(0, control.number(name, defaultValue));
      known.put(name, value);
      return value;
    } catch (IOException | RuntimeException e) {
      Long last = known.get(name);
      if (last == null) {
        throw e;
      }
      return last;
    }
  }
}
