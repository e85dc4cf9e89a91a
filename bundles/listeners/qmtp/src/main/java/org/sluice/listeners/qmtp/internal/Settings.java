package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.control.Control;
import org.sluice.base.DataBytes;
import org.sluice.base.RcptHosts;

/**
 * What a session reads when it starts (spec 20 section 8.1).
 *
 * @param dataBytes octets of a message at most; 0 for any
 * @param relayClient appended to each recipient, which then may be anybody
 */
record Settings(long dataBytes, RcptHosts rcptHosts, Optional<String> relayClient) {
  /** Reads {@code me} too: only to fail if it cannot be read. */
  static Settings read(Control control, Map<String, String> environment) throws IOException {
    control.line("me");
    return new Settings(
        DataBytes.read(control, environment),
        RcptHosts.read(control),
        Optional.ofNullable(environment.get("RELAYCLIENT")));
  }
}
