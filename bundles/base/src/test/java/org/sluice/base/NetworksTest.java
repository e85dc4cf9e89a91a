package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  @Test
  void addressesAndNetworks() {
    var networks = Networks.of(" 192.0.2.7,10.128.0.0/9 , 2001:db8::/33 ::1 ");
    assertTrue(networks.contains("192.0.2.7"));
    assertFalse(networks.contains("192.0.2.8"));
    assertTrue(networks.contains("10.255.1.2"));
    assertFalse(networks.contains("10.127.255.255"));
    assertTrue(networks.contains("2001:DB8:7fff::1"));
    assertFalse(networks.contains("2001:db8:8000::1"));
    assertTrue(networks.contains("0:0:0:0:0:0:0:1"));
    assertFalse(networks.contains("localhost"));
    assertFalse(Networks.of("").contains("192.0.2.7"));
    assertTrue(Networks.of("0.0.0.0/0").contains("192.0.2.7"));
    assertFalse(Networks.of("0.0.0.0/0").contains("::1"));
  }

  @Test
  void nobody() {
    assertTrue(Networks.of(" , ").isEmpty());
    assertFalse(Networks.of("::1").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.77, 32, 192.0.2.77",
    "192.0.2.77, 26, 192.0.2.64",
    "192.0.2.77, 0, 0.0.0.0",
    "2001:db8:7fff:ffff::1, 33, 2001:db8::",
    "2001:db8::1, 128, 2001:db8::1"
  })
  void firstAddress(String address, int bits, String first) {
    assertEquals(first, IpText.of(Networks.first(IpText.parse(address).orElseThrow(), bits)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "/8"})
  void noNetwork(String entry) {
    var e = assertThrows(IllegalArgumentException.class, () -> Networks.of(entry));
    assertEquals("no network: " + entry, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        "",
        "a.b",
        ":",
        "1::2::3",
        "x::"
      })
  void noAddress(String text) {
    assertTrue(IpText.parse(text).isEmpty(), text);
  }
}
