package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.Session;

/** RFC 5952 section 4, and back again. */
class IpTextTest {
  @Test
  void readsDottedDecimalInItsOneForm() {
    for (String text : List.of("0.0.0.0", "127.0.0.1", "255.255.255.255", "192.0.2.10")) {
      assertEquals(text, IpText.of(IpText.parse(text).orElseThrow()));
    }
    for (String text :
        List.of(
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.",
            ".1.2.3",
            "1..2.3",
            "01.2.3.4",
            "1.2.3.256",
            "1.2.3.0004",
            "1.2.3.-4",
            "1.2.3.4 ",
            "1.2.3.x",
            "unknown")) {
      assertEquals(Optional.empty(), IpText.parse(text), text);
    }
  }

  @Test
  void oneFormForEach() throws Exception {
    var forms =
        Map.of(
            "192.0.2.1", "192.0.2.1",
            "0:0:0:0:0:0:0:0", "::",
            "0:0:0:0:0:0:0:1", "::1",
            "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
            "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1:0:0:0:1", "2001:0:0:1::1",
            "fe80:0:0:0:1:0:0:0", "fe80::1:0:0:0",
            "1:0:0:0:0:0:0:0", "1::",
            "::ffff:192.0.2.1", "192.0.2.1");
    for (var form : forms.entrySet()) {
      assertEquals(form.getValue(), IpText.of(InetAddress.getByName(form.getKey())));
    }
  }

  @Test
  void readsWhatItWrites() throws Exception {
    var random = new Random(5);
    byte[] address = new byte[16];
    for (int i = 0; i < 10_000; i++) {
      for (int k = 0; k < 16; k++) {
        address[k] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
      }
      address[0] = 0x20; // none that is another way to write an IPv4 address
      InetAddress six = InetAddress.getByAddress(address);
      assertEquals(six, IpText.parseSix(IpText.of(six)).orElseThrow(), IpText.of(six));
    }
  }

  @Test
  void names() {
    for (String text :
        new String[] {"localhost", "192.0.2.1", "::ffff:192.0.2.1", "1:2", "a:b::c::d", ""}) {
      assertEquals(Optional.empty(), IpText.parseSix(text), text);
    }
  }

  /** Run with a table of hosts in which {@code .:1} is a name: what is read of each argument. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] arguments) throws UnknownHostException {
      String found = IpText.of(InetAddress.getByName(arguments[0]));
      var session =
          new Session(
              "1", "smtp", Map.of("TCPREMOTEIP", arguments[0]), Optional.empty(), Instant.EPOCH);
      System.out.print(found + IpText.parseAny(arguments[0]) + session.client());
    }
  }

  @Test
  void neverAsksForAName(@TempDir Path directory) throws Exception {
    Path hosts = Files.writeString(directory.resolve("hosts"), "192.0.2.9 .:1\n");
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                ".:1")
            .redirectErrorStream(true)
            .start();
    try (var said = reader.getInputStream()) {
      assertEquals(
          "192.0.2.9Optional.emptyOptional.empty",
          new String(said.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertEquals(0, reader.waitFor());
  }
}
