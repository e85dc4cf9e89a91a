package org.sluice.pop3.capa.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.pop3.auth.internal.Auth;
import org.sluice.pop3.stls.internal.Stls;
import org.sluice.pop3.utf8.internal.Utf8;

/** A host with all the extensions, in an order of no meaning. */
final class Installed {
  private Installed() {}

  static Accounts on(Path home, TlsKeys keys) throws IOException {
    var accounts = new Accounts(home);
    return accounts.join(new Stls(keys), new Capa(), new Utf8(), new Auth(accounts.logins));
  }
}
