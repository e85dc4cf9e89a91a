package org.sluice.tcp.proxy.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.net.ProxiedClient;
import org.sluice.api.net.ProxyProtocol;
import org.sluice.base.IpText;

/** The header of the PROXY protocol, versions 1 and 2 (spec 20 section 15.13). Has no state. */
@Component
public final class ProxyHeader implements ProxyProtocol {
  private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final int LINE_LIMIT = 107;

  @Override
  public Optional<ProxiedClient> read(InputStream in) throws IOException {
    byte[] start = exactly(in, SIGNATURE.length); // the shortest header is longer than this
    return Arrays.equals(start, SIGNATURE) ? binary(in) : line(in, start);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] octets = in.readNBytes(length);
    if (octets.length < length) {
      throw new ProtocolException("the connection ended within the PROXY header");
    }
    return octets;
  }

  private static Optional<ProxiedClient> line(InputStream in, byte[] start) throws IOException {
    var line = new StringBuilder(new String(start, StandardCharsets.ISO_8859_1));
    while (line.charAt(line.length() - 1) != '\n') {
      if (!line.toString().startsWith("PROXY ") || line.length() == LINE_LIMIT) {
        throw malformed();
      }
      line.append((char) (exactly(in, 1)[0] & 0xff));
    }
    if (line.charAt(line.length() - 2) != '\r') {
      throw malformed();
    }
    String[] words = line.substring(0, line.length() - 2).split(" ", -1);
    if (words[0].equals("PROXY") && words.length > 1 && words[1].equals("UNKNOWN")) {
      return Optional.empty();
    }
    boolean six = words.length > 1 && words[1].equals("TCP6");
    if (words.length != 6 || !words[0].equals("PROXY") || !six && !words[1].equals("TCP4")) {
      throw malformed();
    }
    return Optional.of(
        new ProxiedClient(
            new InetSocketAddress(address(words[2], six), port(words[4])),
            new InetSocketAddress(address(words[3], six), port(words[5]))));
  }

  private static InetAddress address(String text, boolean six) throws IOException {
    return IpText.parseAny(text) // what listens on both families says ::ffff:192.0.2.1
        .filter(a -> six == text.indexOf(':') >= 0)
        .orElseThrow(ProxyHeader::malformed);
  }

  private static int port(String text) throws IOException {
    if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65535) {
      throw malformed();
    }
    return Integer.parseInt(text);
  }

  private static Optional<ProxiedClient> binary(InputStream in) throws IOException {
    byte[] head = exactly(in, 4);
    byte[] rest = exactly(in, number(head, 2));
    int command = head[0] & 0x0f;
    if ((head[0] & 0xf0) != 0x20 || command > 1) {
      throw malformed();
    }
    int size = head[1] == 0x11 ? 4 : head[1] == 0x21 ? 16 : 0;
    if (command == 0 || size == 0) {
      return Optional.empty(); // LOCAL, or a family that is not TCP
    }
    if (rest.length < 2 * size + 4) {
      throw malformed();
    }
    var client = InetAddress.getByAddress(Arrays.copyOf(rest, size));
    var server = InetAddress.getByAddress(Arrays.copyOfRange(rest, size, 2 * size));
    return Optional.of(
        new ProxiedClient(
            new InetSocketAddress(client, number(rest, 2 * size)),
            new InetSocketAddress(server, number(rest, 2 * size + 2))));
  }

  private static int number(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
  }

  private static ProtocolException malformed() {
    return new ProtocolException("no PROXY header");
  }
}
