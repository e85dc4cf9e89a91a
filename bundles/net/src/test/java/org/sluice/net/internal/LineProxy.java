package org.sluice.net.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.Optional;
import org.sluice.api.net.ProxiedClient;
import org.sluice.api.net.ProxyProtocol;
import org.sluice.base.IpText;

/** Reads lines such as {@code PROXY TCP4 192.0.2.1 192.0.2.2 1 2}; UNKNOWN is the proxy itself. */
final class LineProxy implements ProxyProtocol {
  @Override
  public Optional<ProxiedClient> read(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new ProtocolException("the end");
      }
      line.append((char) c);
    }
    String[] words = line.toString().strip().split(" ");
    if (!words[0].equals("PROXY")) {
      throw new ProtocolException("no PROXY header");
    }
    return words.length < 6
        ? Optional.empty()
        : Optional.of(new ProxiedClient(address(words[2], words[4]), address(words[3], words[5])));
  }

  private static InetSocketAddress address(String ip, String port) {
    return new InetSocketAddress(IpText.parse(ip).orElseThrow(), Integer.parseInt(port));
  }
}
