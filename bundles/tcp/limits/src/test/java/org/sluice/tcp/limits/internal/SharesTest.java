package org.sluice.tcp.limits.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is how many. */
class SharesTest {
  private static final ClientNetwork NETWORK = new ClientNetwork(24, 48);

  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  private static void admits(Shares shares, String... addresses) throws Exception {
    for (String address : addresses) {
      assertEquals(Optional.empty(), shares.admit(ip(address)), address);
    }
  }

  private static void refuses(Shares shares, String why, String... addresses) throws Exception {
    for (String address : addresses) {
      assertEquals(Optional.of(why), shares.admit(ip(address)), address);
    }
  }

  private static void client(Shares shares, String... addresses) throws Exception {
    refuses(shares, "too many from", addresses);
  }

  private static void network(Shares shares, String... addresses) throws Exception {
    refuses(shares, "too many from the network of", addresses);
  }

  @Test
  void anIpv6NetworkIsOneClient() throws Exception {
    var shares = new Shares(2, 0, NETWORK);
    admits(shares, "2001:db8::1", "2001:db8::ffff:1");
    client(shares, "2001:db8::2");
    admits(shares, "2001:db8:0:1::1");
    shares.remove(ip("2001:db8::ffff:1"));
    admits(shares, "2001:db8::3");
    client(shares, "2001:db8::4");
  }

  @Test
  void anIpv4AddressIsOneClient() throws Exception {
    var shares = new Shares(1, 0, NETWORK);
    admits(shares, "192.0.2.1", "192.0.2.2");
    client(shares, "::ffff:192.0.2.1");
  }

  @Test
  void networksOfIpv4() throws Exception {
    var shares = new Shares(0, 2, NETWORK);
    admits(shares, "192.0.2.1", "192.0.2.255", "192.0.3.1", "192.0.3.1");
    network(shares, "192.0.2.1", "192.0.2.77", "192.0.3.0", "::ffff:192.0.2.9");
    shares.remove(ip("192.0.2.255"));
    admits(shares, "192.0.2.77");
    network(shares, "192.0.2.77");
  }

  @Test
  void networksOfIpv6() throws Exception {
    var shares = new Shares(0, 2, NETWORK);
    admits(shares, "2001:db8::1", "2001:db8:0:ffff::1", "2001:db8:1::1");
    network(shares, "2001:db8:0:1::1");
  }

  @Test
  void whoIsRefusedCountsForNobody() throws Exception {
    var shares = new Shares(1, 2, NETWORK);
    admits(shares, "192.0.2.1");
    client(shares, "192.0.2.1", "192.0.2.1", "192.0.2.1");
    admits(shares, "192.0.2.2");
    network(shares, "192.0.2.3", "192.0.2.3");
    shares.remove(ip("192.0.2.2"));
    admits(shares, "192.0.2.3");
  }

  @Test
  void whoIsThereIsCountedWhateverTheLimits() throws Exception {
    var shares = new Shares(1, 2, NETWORK);
    for (int i = 1; i < 4; i++) {
      shares.add(ip("192.0.2.1"));
    }
    client(shares, "192.0.2.1");
    network(shares, "192.0.2.2");
    shares.remove(ip("192.0.2.1"));
    shares.remove(ip("192.0.2.1"));
    client(shares, "192.0.2.1");
    admits(shares, "192.0.2.2");
  }

  /** Those of before are counted, without a limit and for another size of network too. */
  @Test
  void limitsChange() throws Exception {
    var shares = new Shares(0, 0, NETWORK);
    admits(shares, "192.0.2.1", "192.0.2.1", "192.0.3.1", "2001:db8::1", "2001:db8:1::1");
    shares.limits(2, 3, NETWORK);
    client(shares, "192.0.2.1");
    admits(shares, "192.0.2.2");
    network(shares, "192.0.2.3");
    shares.limits(0, 4, new ClientNetwork(16, 32));
    network(shares, "192.0.99.1");
    admits(shares, "2001:db8:2::1", "2001:db8:3::1");
    network(shares, "2001:db8:4::1");
    shares.limits(0, 2, new ClientNetwork(32, 64));
    network(shares, "192.0.2.1");
    admits(shares, "192.0.2.2", "192.0.99.1");
    for (String address : new String[] {"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"}) {
      shares.remove(ip(address));
    }
    shares.limits(0, 1, NETWORK);
    admits(shares, "192.0.2.200");
    network(shares, "192.0.3.200", "192.0.99.200");
  }
}
