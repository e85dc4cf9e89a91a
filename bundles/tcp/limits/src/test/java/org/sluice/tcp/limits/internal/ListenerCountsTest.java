package org.sluice.tcp.limits.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sluice.api.net.ClientLimits;

/** Shares and rates together, and what a change leaves of them. */
class ListenerCountsTest {
  private static final String TOO_MANY = "too many from";
  private static final String TOO_OFTEN = "too often from";
  private static final String NETWORK_TOO_OFTEN = "too often from the network of";

  private final AtomicLong now = new AtomicLong();

  private static ClientLimits limits(int perAddress, int perAddressRate, int perNetworkRate) {
    return new ClientLimits(perAddress, perAddressRate, 0, perNetworkRate, 24, 48);
  }

  private ListenerCounts counts(ClientLimits limits) {
    return new ListenerCounts(limits, now::get);
  }

  private static String admit(ListenerCounts counts, String address) throws Exception {
    return counts.admit(InetAddress.getByName(address)).orElse("");
  }

  @Test
  void whoComesTooOftenTakesNothingOfItsNetwork() throws Exception {
    var counts = counts(limits(0, 1, 2));
    assertEquals("", admit(counts, "192.0.2.1"));
    for (int i = 0; i < 5; i++) {
      assertEquals(TOO_OFTEN, admit(counts, "192.0.2.1"));
    }
    assertEquals("", admit(counts, "192.0.2.2"));
    assertEquals(NETWORK_TOO_OFTEN, admit(counts, "192.0.2.3"));
    assertEquals("", admit(counts, "192.0.3.3"));
  }

  /** One client and another of its network, which has no more connections this minute. */
  private ListenerCounts exhausted() throws Exception {
    var counts = counts(limits(0, 1, 2));
    admit(counts, "192.0.2.1");
    admit(counts, "192.0.2.2");
    return counts;
  }

  @Test
  void aChangeForgetsOnlyTheRatesThatChange() throws Exception {
    var same = exhausted();
    same.change(limits(0, 1, 2));
    assertEquals(TOO_OFTEN, admit(same, "192.0.2.1"));
    assertEquals(NETWORK_TOO_OFTEN, admit(same, "192.0.2.3"));
    var networks = exhausted();
    networks.change(limits(0, 1, 1));
    assertEquals(TOO_OFTEN, admit(networks, "192.0.2.1"));
    assertEquals("", admit(networks, "192.0.2.4"));
    var bits = exhausted();
    bits.change(new ClientLimits(0, 1, 0, 2, 23, 48));
    assertEquals(TOO_OFTEN, admit(bits, "192.0.2.1"));
    assertEquals("", admit(bits, "192.0.3.4"));
    var addresses = exhausted();
    addresses.change(limits(0, 2, 2));
    assertEquals(NETWORK_TOO_OFTEN, admit(addresses, "192.0.2.1"));
  }

  /** As when another bundle has counted them until now. */
  @Test
  void whoIsAddedTakesOfTheShareButNotOfTheRate() throws Exception {
    var counts = counts(limits(2, 2, 0));
    var client = InetAddress.getByName("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      counts.add(client);
    }
    assertEquals(TOO_MANY, admit(counts, "192.0.2.1"));
    counts.remove(client);
    counts.remove(client);
    assertEquals("", admit(counts, "192.0.2.1"));
    counts.remove(client);
    assertEquals(TOO_OFTEN, admit(counts, "192.0.2.1"), "two have asked");
  }

  @Test
  void aChangeIsForThoseOfBeforeToo() throws Exception {
    var counts = counts(new ClientLimits(0, 0, 0, 0, 24, 48));
    for (String address : List.of("192.0.2.1", "192.0.3.1")) {
      assertEquals("", admit(counts, address));
    }
    counts.change(new ClientLimits(0, 0, 1, 0, 24, 48));
    assertEquals("too many from the network of", admit(counts, "192.0.2.2"));
    counts.change(new ClientLimits(0, 0, 2, 0, 16, 48));
    assertEquals("too many from the network of", admit(counts, "192.0.4.1"));
    counts.change(new ClientLimits(1, 0, 0, 0, 24, 48));
    assertEquals(TOO_MANY, admit(counts, "192.0.2.1"));
    assertEquals("", admit(counts, "192.0.2.2"));
  }
}
