package org.sluice.net.internal;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.IpText;

/**
 * Who is connected to what (spec 20 section 2).
 *
 * @param localHost TCPLOCALHOST
 * @param remoteHost TCPREMOTEHOST
 * @param remoteInfo TCPREMOTEINFO
 */
public record TcpEnvironment(
    InetSocketAddress local,
    InetSocketAddress remote,
    Optional<String> localHost,
    Optional<String> remoteHost,
    Optional<String> remoteInfo) {

  /** TCPLOCALIP. */
  public String localIp() {
    return IpText.of(local.getAddress());
  }

  /** TCPREMOTEIP. */
  public String remoteIp() {
    return IpText.of(remote.getAddress());
  }

  /** Sets all the variables that are set, and removes the others. */
  public void putInto(Map<String, String> variables) {
    variables.put("PROTO", "TCP");
    variables.put("TCPLOCALIP", localIp());
    variables.put("TCPLOCALPORT", Integer.toString(local.getPort()));
    put(variables, "TCPLOCALHOST", localHost);
    variables.put("TCPREMOTEIP", remoteIp());
    variables.put("TCPREMOTEPORT", Integer.toString(remote.getPort()));
    put(variables, "TCPREMOTEHOST", remoteHost);
    put(variables, "TCPREMOTEINFO", remoteInfo);
  }

  /** The variables alone. */
  public Map<String, String> variables() {
    var variables = new LinkedHashMap<String, String>();
    putInto(variables);
    return variables;
  }

  private static void put(Map<String, String> variables, String name, Optional<String> value) {
    if (value.isPresent()) {
      variables.put(name, value.get());
    } else {
      variables.remove(name);
    }
  }
}
