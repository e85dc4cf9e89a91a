package org.sluice.tcp.limits.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Rates by a clock of the test's. */
class ClientRatesTest {
  private final AtomicLong now = new AtomicLong(-5);

  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  private ClientRates rates(int perMinute) {
    return new ClientRates(perMinute, ClientNetwork.CLIENT, now::get);
  }

  @Test
  void soManyAMinute() throws Exception {
    var rates = rates(3);
    InetAddress client = ip("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      assertTrue(rates.admit(client));
    }
    assertFalse(rates.admit(client));
    assertTrue(rates.admit(ip("192.0.2.2")));
    now.addAndGet(TimeUnit.SECONDS.toNanos(19));
    assertFalse(rates.admit(client));
    now.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertTrue(rates.admit(client));
    assertFalse(rates.admit(client));
    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    for (int i = 0; i < 3; i++) {
      assertTrue(rates.admit(client));
    }
    assertFalse(rates.admit(client));
  }

  @Test
  void anIpv6NetworkIsOneClient() throws Exception {
    var rates = rates(1);
    assertTrue(rates.admit(ip("2001:db8::1")));
    assertFalse(rates.admit(ip("2001:db8::ffff:1")));
    assertTrue(rates.admit(ip("2001:db8:0:1::1")));
  }

  @Test
  void theTableIsBounded() throws Exception {
    var rates = rates(1);
    for (int i = 0; i < ClientRates.MOST + 100; i++) {
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      assertTrue(rates.admit(InetAddress.getByAddress(address)));
    }
    assertEquals(ClientRates.MOST, rates.size());
    assertTrue(rates.admit(ip("10.0.0.0")), "seen longest ago, and so forgotten");
  }

  @Test
  void anyNumber() throws Exception {
    var rates = rates(0);
    for (int i = 0; i < 100; i++) {
      assertTrue(rates.admit(ip("192.0.2.1")));
    }
    assertEquals(0, rates.size());
  }
}
