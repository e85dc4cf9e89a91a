package org.sluice.base;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.control.Control;

/** The domains that mail is accepted for: rcpthosts and morercpthosts (spec 20 section 7.5). */
public final class RcptHosts {
  private final Control control;
  private final Optional<Set<String>> hosts;

  private RcptHosts(Control control, Optional<Set<String>> hosts) {
    this.control = control;
    this.hosts = hosts;
  }

  /**
   * Reads rcpthosts; without it every domain is allowed.
   *
   * @throws IOException if it exists and cannot be read
   */
  public static RcptHosts read(Control control) throws IOException {
    return new RcptHosts(control, control.list("rcpthosts").map(RcptHosts::lower));
  }

  private static Set<String> lower(List<String> entries) {
    Set<String> set = new HashSet<>();
    for (String entry : entries) {
      set.add(Ascii.lower(entry));
    }
    return set;
  }

  /**
   * Whether one of the two has the domain of this recipient, or there is no domain.
   *
   * @throws IOException if morercpthosts.cdb cannot be read
   */
  public boolean allow(String recipient) throws IOException {
    int at = recipient.lastIndexOf('@');
    if (hosts.isEmpty() || at < 0) {
      return true;
    }
    String host = Ascii.lower(recipient.substring(at + 1));
    for (int i = 0; i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.') && hosts.get().contains(host.substring(i))) {
        return true;
      }
    }
    for (int i = 0; i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.')
          && control.cdb("morercpthosts.cdb", host.substring(i)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
