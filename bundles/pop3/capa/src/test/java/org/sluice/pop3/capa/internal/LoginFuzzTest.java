package org.sluice.pop3.capa.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.testkit.InMemory;
import org.sluice.testkit.TestConnection;

/** The authorization state: well-formed replies, and no mail without the password. */
class LoginFuzzTest {
  private static final Pattern REPLY =
      Pattern.compile("(\\+OK|-ERR|\\+) [ -~]*|[A-Z][ -~]*|[0-9]+ [!-~]+|\\.");
  private static final String SECRET = "mail that only joe may read";

  @TempDir(factory = InMemory.class)
  static Path home;

  private final Accounts accounts;

  LoginFuzzTest() throws IOException {
    accounts = Installed.on(home, new TlsKeys(Duration.ZERO));
    accounts.passwords("joe:{PLAIN}not so easy to guess\n");
    accounts.message("cur/1.a:2,", SECRET + "\n");
  }

  @DictionaryEntries({
    "USER joe",
    "PASS x",
    "APOP joe x",
    "AUTH PLAIN ",
    "AUTH LOGIN",
    "AUTH CRAM-MD5",
    "AGpvZQBzZWNyZXQ=",
    "CAPA",
    "STLS",
    "RETR 1",
    "QUIT"
  })
  @FuzzTest
  void session(byte[] input) throws Exception {
    String text = new String(input, ISO_8859_1);
    String whole = say(text, 1 << 20);
    assertEquals(whole, say(text, 1));
    assertTrue(whole.startsWith("+OK ") && whole.endsWith("\r\n"), whole);
    for (String line : whole.substring(0, whole.length() - 2).split("\r\n", -1)) {
      assertTrue(REPLY.matcher(line).matches(), line);
    }
    assertTrue(!whole.contains(SECRET), whole);
  }

  /** What the client heard, without what is different each time. */
  private String say(String text, int piece) throws InterruptedException {
    var connection = new TestConnection(text, Accounts.LOCAL, piece);
    try {
      accounts.serve(connection);
    } catch (IOException e) {
      assertEquals("the client is gone", e.getMessage()); // within AUTH
    }
    return connection
        .heard()
        .replaceFirst("<[0-9]+\\.[0-9]+@", "<")
        .replaceAll("(?m)^\\+ [ -~]+", "+ challenge");
  }
}
