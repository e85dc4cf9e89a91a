package org.sluice.inject.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.sluice.api.control.Control;
import org.sluice.base.HeaderToken;
import org.sluice.base.ProgramExit;

/**
 * The hosts of this site: control files, or variables in their place (spec 30 section 5.3).
 *
 * @param idHost of Message-IDs
 */
record Defaults(Rewriter rewriter, String idHost) {
  /**
   * Reads them.
   *
   * @throws ProgramExit status 111 if a file cannot be read, 100 if a value cannot be parsed
   */
  static Defaults read(Control control, Map<String, String> environment) throws ProgramExit {
    String domain;
    String host;
    String plusDomain;
    String idHost;
    try {
      domain = value(control, environment, "defaultdomain", "QMAILDEFAULTDOMAIN");
      host = value(control, environment, "defaulthost", "QMAILDEFAULTHOST");
      plusDomain = value(control, environment, "plusdomain", "QMAILPLUSDOMAIN");
      idHost = value(control, environment, "idhost", "QMAILIDHOST");
    } catch (IOException e) {
      throw ProgramExit.temporary("read error");
    }
    List<HeaderToken> domainTokens = AddressField.tokens("." + domain);
    List<HeaderToken> hostTokens = AddressField.tokens("@" + host);
    List<HeaderToken> plusTokens = AddressField.tokens("." + plusDomain);
    return new Defaults(new Rewriter(hostTokens, domainTokens, plusTokens), idHost);
  }

  /** The file must be readable even if the variable counts. */
  private static String value(
      Control control, Map<String, String> environment, String file, String variable)
      throws IOException {
    String line = control.lineOrMe(file);
    return environment.getOrDefault(variable, line);
  }
}
