package org.sluice.net.internal;

import java.io.IOException;

/** Decides about a client. */
@FunctionalInterface
public interface RuleSource {
  /** No rules: everybody is let in. */
  RuleSource NONE = (ip, host, info) -> Verdict.ALLOW;

  /**
   * @param host the client's name, or null
   * @param info the client's ident answer, or null
   * @throws IOException if the rules cannot be read; the connection is to be dropped
   */
  Verdict check(String ip, String host, String info) throws IOException;
}
