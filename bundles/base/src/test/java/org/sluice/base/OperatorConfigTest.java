package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OperatorConfigTest {
  private static final Map<String, ?> SAFE = Map.of("plaintext", Plaintext.NEVER, "demanded", true);

  /** As components have them. */
  public @interface Config {
    int number() default 7;

    boolean demanded() default false;

    String plaintext() default "loopback";

    String text() default "";
  }

  private List<String> logged = List.of();

  /** As Felix SCR does it: a number that is none throws, a switch that is none is off. */
  private static Config made(Map<String, ?> properties) {
    return (Config)
        Proxy.newProxyInstance(
            Config.class.getClassLoader(),
            new Class<?>[] {Config.class},
            (self, method, arguments) -> {
              Object raw = properties.get(method.getName());
              if (raw == null) {
                return method.getDefaultValue();
              }
              Class<?> type = method.getReturnType();
              return type == int.class
                  ? Integer.valueOf(raw.toString())
                  : type == boolean.class ? Boolean.valueOf(raw.toString()) : raw;
            });
  }

  private Config mended(Map<String, ?> properties) {
    return logging(
        () ->
            OperatorConfig.mended(
                "org.sluice.x", Config.class, made(properties), properties, SAFE));
  }

  private <T> T logging(Supplier<T> body) {
    PrintStream before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      return body.get();
    } finally {
      System.setErr(before);
      logged = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void aBadNumberIsTheDefault() {
    assertEquals(7, mended(Map.of("number", "abc", "service.pid", "org.sluice.x~a")).number());
    assertEquals(1, logged.size(), logged.toString());
    assertTrue(
        logged.get(0).endsWith("org.sluice.x~a: number = abc: a whole number is wanted; 7 is used"),
        logged.get(0));
  }

  @Test
  void aBadSwitchIsTheSafeOne() {
    assertTrue(mended(Map.of("demanded", "ture")).demanded());
    assertTrue(
        logged
            .get(0)
            .endsWith("org.sluice.x: demanded = ture: true or false is wanted; true is used"),
        logged.get(0));
  }

  @Test
  void aBadChoiceIsTheSafeOne() {
    assertEquals("never", mended(Map.of("plaintext", "sometimes")).plaintext());
    assertTrue(
        logged
            .get(0)
            .endsWith(
                "org.sluice.x: plaintext = sometimes: one of loopback, always, never is wanted;"
                    + " never is used"),
        logged.get(0));
  }

  @Test
  void goodOnesAreTaken() {
    var config =
        mended(Map.of("number", " 12 ", "demanded", "True", "plaintext", "Always", "text", "x"));
    assertEquals(12, config.number());
    assertTrue(config.demanded());
    assertEquals("Always", config.plaintext());
    assertEquals("x", config.text());
    assertEquals(5, mended(Map.of("number", 5)).number());
    assertEquals(List.of(), logged);
  }

  @Test
  void aStrictOneNamesTheProperty() {
    var bad = Map.of("number", "abc");
    var why =
        assertThrows(
            IllegalArgumentException.class,
            () -> OperatorConfig.strict(Config.class, made(bad), bad));
    assertEquals("number = abc: a whole number is wanted", why.getMessage());
    Map<String, ?> typed = Map.of("number", 5);
    var config = made(typed);
    assertSame(config, OperatorConfig.strict(Config.class, config, typed));
  }
}
