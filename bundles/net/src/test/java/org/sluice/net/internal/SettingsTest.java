package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment, in the forms in which a configuration may bring it. */
class SettingsTest {
  private static final Map<String, String> BOTH = Map.of("SMTPAUTH", "!", "UCSPITLS", "!");

  private static Map<String, String> environment(String... entries) {
    var config =
        Proxy.newProxyInstance(
            NetConfig.class.getClassLoader(),
            new Class<?>[] {NetConfig.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "environment" -> entries;
                  case "protocol" -> "smtp";
                  default -> method.getDefaultValue();
                });
    return Settings.of((NetConfig) config, "", 1).environment();
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
