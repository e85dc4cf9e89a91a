package org.sluice.pop3.utf8.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.listeners.pop3.internal.Fake;

class Utf8Test {
  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home).join(new Utf8(), Fake.lister());
  }

  @Test
  void isTakenBeforeTheLogin() throws Exception {
    assertTrue(
        accounts
            .say("UTF8\r\nutf8 x\r\nUTF7\r\nNOOP\r\n")
            .endsWith("\r\n+OK \r\n-ERR syntax error\r\n-ERR authorization first\r\n+OK \r\n"));
    assertEquals("-ERR unimplemented\r\n+OK 0 0\r\n", accounts.read("UTF8\r\nSTAT\r\n"));
  }

  @Test
  void isListedInBothStates() throws Exception {
    assertTrue(accounts.say("LINES\r\n").contains("\r\nUTF8\r\n"));
    assertTrue(accounts.read("LINES\r\n").contains("\r\nUTF8\r\n"));
  }
}
