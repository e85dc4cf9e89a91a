package org.sluice.tcp.proxy.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.api.net.ProxiedClient;
import org.sluice.base.IpText;
import org.sluice.testkit.TestConnection;

/** Both versions of the header; what follows it stays unread. */
class ProxyHeaderFuzzTest {
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final int LONGEST = 107;
  private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN(| [^\n]*)\r\n");
  private static final Pattern LINE =
      Pattern.compile("PROXY TCP([46]) ([^ \n]*) ([^ \n]*) ([0-9]{1,5}) ([0-9]{1,5})\r\n");

  /** What a header says, and its length. */
  private record Found(Optional<ProxiedClient> header, int length) {}

  @DictionaryEntries({
    "PROXY TCP4 ",
    "PROXY TCP6 ",
    "PROXY UNKNOWN",
    "127.0.0.1 ",
    "::1 ",
    "25",
    "QUIT"
  })
  @FuzzTest
  void header(byte[] input) throws IOException {
    String text = new String(input, ISO_8859_1);
    Optional<Found> expected =
        text.startsWith(SIGNATURE) ? binary(input) : line(text).filter(f -> f.length <= LONGEST);
    for (int piece : new int[] {1, 1 << 16}) {
      var in = new TestConnection(text, Map.of(), piece).in();
      try {
        var header = new ProxyHeader().read(in);
        assertEquals(expected, Optional.of(new Found(header, input.length - in.available())));
      } catch (ProtocolException e) {
        assertEquals(expected, Optional.empty());
      }
    }
  }

  private static Optional<Found> line(String text) throws IOException {
    var unknown = UNKNOWN.matcher(text);
    if (unknown.lookingAt()) {
      return Optional.of(new Found(Optional.empty(), unknown.end()));
    }
    var line = LINE.matcher(text);
    if (!line.lookingAt()) {
      return Optional.empty();
    }
    var client = address(line.group(2), line.group(4), line.group(1));
    var server = address(line.group(3), line.group(5), line.group(1));
    return client.isEmpty() || server.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Found(Optional.of(new ProxiedClient(client.get(), server.get())), line.end()));
  }

  private static Optional<InetSocketAddress> address(String ip, String port, String family) {
    int number = Integer.parseInt(port);
    return IpText.parse(ip)
        .filter(a -> port.equals("" + number) && number <= 0xffff)
        .filter(a -> family.equals(ip.indexOf(':') < 0 ? "4" : "6"))
        .map(a -> new InetSocketAddress(a, number));
  }

  private static Optional<Found> binary(byte[] input) throws IOException {
    if (input.length < 16) {
      return Optional.empty();
    }
    int length = 16 + word(input, 14);
    int command = input[12] & 0xff;
    if (input.length < length || command != 0x20 && command != 0x21) {
      return Optional.empty();
    }
    int size = input[13] == 0x11 ? 4 : 16;
    if (command == 0x20 || input[13] != 0x11 && input[13] != 0x21) {
      return Optional.of(new Found(Optional.empty(), length));
    }
    if (length < 16 + 2 * size + 4) {
      return Optional.empty();
    }
    var client = InetAddress.getByAddress(Arrays.copyOfRange(input, 16, 16 + size));
    var server = InetAddress.getByAddress(Arrays.copyOfRange(input, 16 + size, 16 + 2 * size));
    var header =
        new ProxiedClient(
            new InetSocketAddress(client, word(input, 16 + 2 * size)),
            new InetSocketAddress(server, word(input, 18 + 2 * size)));
    return Optional.of(new Found(Optional.of(header), length));
  }

  private static int word(byte[] octets, int at) {
    return (octets[at] & 0xff) * 256 + (octets[at + 1] & 0xff);
  }
}
