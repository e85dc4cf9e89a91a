package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.testkit.Logged;

/** Values that an operator mistyped never allow more than the right ones would have. */
class PolicyTest {
  private Policy policy;

  private List<String> read(Map<String, String> typed) throws Exception {
    var config =
        (Pop3Config)
            Proxy.newProxyInstance(
                Pop3Config.class.getClassLoader(),
                new Class<?>[] {Pop3Config.class},
                (self, method, arguments) ->
                    method.getReturnType() == String.class && typed.containsKey(method.getName())
                        ? typed.get(method.getName())
                        : method.getDefaultValue());
    return Logged.during(() -> policy = Policy.of(config, typed));
  }

  @Test
  void aPolicyThatIsNone() throws Exception {
    var lines =
        read(
            Map.of(
                "plaintext", "sometimes", "requireTls", "yes", "allowRoot", "1", "attempts", "x"));
    assertEquals(4, lines.size(), lines.toString());
    assertEquals(new LoginPolicy(Plaintext.NEVER, Plaintext.NEVER), policy.logins());
    assertTrue(policy.requireTls());
    assertFalse(policy.allowRoot());
    assertEquals(1, policy.attempts());
  }

  @Test
  void aMaildirThatIsNotInAHome() throws Exception {
    for (String bad : List.of("/var/mail", "../x", "")) {
      var lines = read(Map.of("maildir", bad));
      assertEquals(1, lines.size(), lines.toString());
      assertTrue(lines.get(0).contains("maildir = " + bad + ":"), lines.get(0));
      assertEquals("Maildir", policy.maildir());
    }
  }

  @Test
  void challengesFollowPasswordsUnlessToldOtherwise() throws Exception {
    read(Map.of());
    assertEquals(new LoginPolicy(Plaintext.LOOPBACK, Plaintext.LOOPBACK), policy.logins());
    assertEquals(List.of(), read(Map.of("challenges", "always")));
    assertEquals(new LoginPolicy(Plaintext.LOOPBACK, Plaintext.ALWAYS), policy.logins());
    assertEquals(1, read(Map.of("challenges", "x")).size());
    assertEquals(new LoginPolicy(Plaintext.LOOPBACK, Plaintext.NEVER), policy.logins());
  }

  @Test
  void goodOnes() throws Exception {
    assertEquals(List.of(), read(Map.of("plaintext", "Always", "maildir", "Mail/x")));
    assertEquals(Plaintext.ALWAYS, policy.logins().passwords());
    assertEquals("Mail/x", policy.maildir());
    assertFalse(policy.requireTls());
  }
}
