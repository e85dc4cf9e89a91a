package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.net.ClientLimits;

/**
 * The environment, in the forms in which a configuration may bring it; and what a client may have.
 */
class SettingsTest {
  private static final Map<String, String> BOTH = Map.of("SMTPAUTH", "!", "UCSPITLS", "!");

  private static Settings configured(Map<String, Object> values) {
    var config =
        Proxy.newProxyInstance(
            NetConfig.class.getClassLoader(),
            new Class<?>[] {NetConfig.class},
            (proxy, method, arguments) ->
                method.getName().equals("protocol")
                    ? "smtp"
                    : values.getOrDefault(method.getName(), method.getDefaultValue()));
    return Settings.of((NetConfig) config, "", 1);
  }

  private static Map<String, String> environment(String... entries) {
    return configured(Map.of("environment", entries)).environment();
  }

  @Test
  void whatAClientMayHave() {
    var defaults = configured(Map.of()).perClient();
    assertEquals(new ClientLimits(0, 0, 0, 0, 24, 48), defaults);
    assertFalse(defaults.any());
    Map<String, Object> values = new HashMap<>();
    values.put("perAddressLimit", -1);
    values.put("perAddressRate", 6);
    values.put("perNetworkLimit", 7);
    values.put("perNetworkRate", 8);
    values.put("networkBits", 22);
    values.put("networkBitsIpv6", 56);
    assertEquals(new ClientLimits(0, 6, 7, 8, 22, 56), configured(values).perClient());
    for (String name :
        List.of("perAddressLimit", "perAddressRate", "perNetworkLimit", "perNetworkRate")) {
      assertTrue(configured(Map.of(name, 1)).perClient().any(), name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SMTPAUTH=!\nUCSPITLS=!",
        "[ \"SMTPAUTH=!\", \"UCSPITLS=!\" ]",
        "[\"SMTPAUTH=!\",\"UCSPITLS=!\",]",
        " [ \"SMTPAUTH=!\" , \"UCSPITLS=!\", ] "
      })
  void inOneString(String text) {
    assertEquals(BOTH, environment(text));
  }

  @Test
  void asAList() {
    assertEquals(BOTH, environment("SMTPAUTH=!", "UCSPITLS=!"));
    assertEquals(Map.of(), environment());
    assertEquals(Map.of(), environment(""));
    assertEquals(Map.of(), environment("[ ]"));
  }

  @Test
  void aValueMayHaveBrackets() {
    assertEquals(Map.of("A", "[ \"B=c\" ]"), environment("A=[ \"B=c\" ]"));
    assertEquals(Map.of("A", "b, \"c\"=d"), environment("A=b, \"c\"=d"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[ \"SMTPAUTH=!\", UCSPITLS=! ]",
        "[ \"SMTPAUTH=!\" \"UCSPITLS=!\" ]",
        "[ \"SMTPAUTH=!\", \"UCSPITLS=!\"",
        "[ \"SMTPAUTH\" ]",
        "\"SMTPAUTH=!\""
      })
  void whatLooksLikeAMistakeIsNotLeftOut(String text) {
    assertThrows(IllegalArgumentException.class, () -> environment(text));
  }
}
