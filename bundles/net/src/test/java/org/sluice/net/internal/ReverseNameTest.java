package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.dns.DnsResolver;

/** Names of clients (spec 20 sections 5.3 and 5.8). */
class ReverseNameTest {
  private static final Map<String, List<List<String>>> PTR =
      Map.of(
          "192.0.2.1", List.of(List.of("Client", "Example", "NET"), List.of("second")),
          "192.0.2.2", List.of(List.of("liar", "example")),
          "192.0.2.3", List.of(List.of("we ird", "ex%a:m", "a.b", "\u00e9")),
          "192.0.2.4", List.of(List.of()),
          "192.0.2.6", List.of(List.of("192", "0", "2", "6")),
          "192.0.2.7", List.of(List.of("192", "0", "2", "8")),
          "192.0.2.8", List.of(List.of("a.b", "c\\")),
          "2001:db8::1", List.of(List.of("six", "example")));
  private static final Map<String, List<String>> ADDRESSES =
      Map.of(
          "client.example.net", List.of("192.0.2.9", "192.0.2.1"),
          "liar.example", List.of("9.9.9.9"),
          "six.example", List.of("2001:db8::1"),
          "a\\046b.c\\092", List.of("192.0.2.8"));

  /** A DNS in maps; 192.0.2.66 cannot be told now. */
  private static final class Dns implements DnsResolver {
    @Override
    public Optional<List<Exchanger>> mx(String name) {
      throw new AssertionError("not asked");
    }

    @Override
    public Optional<List<InetAddress>> ipv4(String name) throws IOException {
      if (!ADDRESSES.containsKey(name)) {
        throw new IOException("SERVFAIL");
      }
      var found = new java.util.ArrayList<InetAddress>();
      for (String address : ADDRESSES.get(name)) {
        found.add(InetAddress.getByName(address));
      }
      return Optional.of(found);
    }

    @Override
    public Optional<List<InetAddress>> ipv6(String name) throws IOException {
      return ipv4(name);
    }

    @Override
    public Optional<List<String>> txt(String name) {
      throw new AssertionError("not asked");
    }

    @Override
    public Optional<List<List<String>>> ptr(InetAddress address) throws IOException {
      String text = org.sluice.base.IpText.of(address);
      if (text.equals("192.0.2.66")) {
        throw new IOException("SERVFAIL");
      }
      return Optional.ofNullable(PTR.get(text));
    }
  }

  private final ReverseName names = new ReverseName(new Dns());

  private Optional<String> name(String ip) throws IOException {
    return names.of(InetAddress.getByName(ip));
  }

  private Optional<String> checked(String ip) throws IOException {
    return names.checked(InetAddress.getByName(ip));
  }

  @Test
  void theFirstNameInLowerCase() throws IOException {
    assertEquals(Optional.of("client.example.net"), name("192.0.2.1"));
    assertEquals(Optional.of("liar.example"), name("192.0.2.2"));
    assertEquals(Optional.of("we\\040ird.ex\\045a\\072m.a\\056b.\\351"), name("192.0.2.3"));
    assertEquals(Optional.of("."), name("192.0.2.4")); // the root
    assertEquals(Optional.empty(), name("192.0.2.5"));
    assertEquals(Optional.empty(), name("192.0.2.66"));
  }

  @Test
  void paranoid() throws IOException {
    assertEquals(Optional.of("client.example.net"), checked("192.0.2.1"));
    assertEquals(Optional.empty(), checked("192.0.2.2"));
    assertEquals(Optional.empty(), checked("192.0.2.3"));
    assertEquals(Optional.empty(), checked("192.0.2.4"));
    assertEquals(Optional.of("192.0.2.6"), checked("192.0.2.6"));
    assertEquals(Optional.empty(), checked("192.0.2.7"));
    assertEquals(Optional.of("a\\056b.c\\134"), checked("192.0.2.8"));
    assertEquals(Optional.empty(), checked("192.0.2.66"));
    assertEquals(Optional.of("six.example"), checked("2001:db8::1"));
  }
}
