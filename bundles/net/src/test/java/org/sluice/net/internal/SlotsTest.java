package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @Test
  void anIpv6NetworkIsOneClient() throws Exception {
    var slots = new Slots(40, 2);
    assertTrue(slots.admit(ip("2001:db8::1")));
    assertTrue(slots.admit(ip("2001:db8::ffff:1")));
    assertFalse(slots.admit(ip("2001:db8::2")));
    assertTrue(slots.admit(ip("2001:db8:0:1::1")));
    slots.leave(ip("2001:db8::ffff:1"));
    assertTrue(slots.admit(ip("2001:db8::3")));
    assertFalse(slots.admit(ip("2001:db8::4")));
  }

  @Test
  void anIpv4AddressIsOneClient() throws Exception {
    var slots = new Slots(40, 1);
    assertTrue(slots.admit(ip("192.0.2.1")));
    assertTrue(slots.admit(ip("192.0.2.2")));
    assertFalse(slots.admit(ip("::ffff:192.0.2.1")));
  }
}
