package org.sluice.pop3.capa.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.pop3.Pop3Hooks;
import org.sluice.listeners.pop3.internal.Accounts;

/** By itself. */
class CapaTest {
  private static final String OWN =
      "+OK \r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nEXPIRE NEVER\r\n";

  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home).join(new Capa());
  }

  @Test
  void listsWhatTheListenerHas() throws Exception {
    assertTrue(accounts.say("CAPA\r\n").endsWith("\r\n" + OWN + "USER\r\n.\r\n"));
    assertEquals(OWN + "IMPLEMENTATION Sluice\r\n.\r\n", accounts.read("capa x\r\n"));
  }

  @Test
  void whatOthersAddHasItsPlace() throws Exception {
    accounts.join(
        dialogue ->
            Optional.of(
                new Pop3Hooks() {
                  @Override
                  public List<String> capabilities() {
                    return List.of("X-OTHER", "STLS", "SASL A B", "UTF8 USER");
                  }
                }));
    assertTrue(
        accounts
            .say("CAPA\r\n")
            .endsWith(OWN + "UTF8 USER\r\nUSER\r\nSASL A B\r\nSTLS\r\nX-OTHER\r\n.\r\n"));
  }

  @Test
  void saysWhyALoginFailed() throws Exception {
    String failed = "-ERR [AUTH] authorization failed\r\n";
    assertTrue(
        accounts
            .say("USER joe\r\nPASS x\r\nAPOP joe x\r\n")
            .endsWith("\r\n+OK \r\n" + failed + failed));
  }
}
