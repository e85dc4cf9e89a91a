package org.sluice.net.internal;

import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables that say who is connected to what (spec 20 section 2). */
final class TcpEnvironment {
  private TcpEnvironment() {}

  static Map<String, String> of(Socket socket, String localName, String remoteName) {
    var map = new LinkedHashMap<String, String>();
    map.put("PROTO", "TCP");
    map.put("TCPLOCALIP", ip(socket.getLocalAddress()));
    map.put("TCPLOCALPORT", Integer.toString(socket.getLocalPort()));
    if (localName != null && !localName.isEmpty()) {
      map.put("TCPLOCALHOST", localName);
    }
    map.put("TCPREMOTEIP", ip(socket.getInetAddress()));
    map.put("TCPREMOTEPORT", Integer.toString(socket.getPort()));
    if (remoteName != null) {
      map.put("TCPREMOTEHOST", remoteName);
    }
    return map;
  }

  /** The address without the interface that Java adds to link-local ones. */
  static String ip(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
