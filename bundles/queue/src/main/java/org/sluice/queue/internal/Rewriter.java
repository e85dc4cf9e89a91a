package org.sluice.queue.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.sluice.api.control.Control;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.base.ALabels;
import org.sluice.base.Ascii;

/**
 * Turns envelope recipients into channel and address (spec 10 section 5.3). A domain in UTF-8 is
 * looked for as it is, then with A-labels (spec 20 section 15.10); the address stays as it is.
 */
final class Rewriter {
  private final Control control;

  Rewriter(Control control) {
    this.control = control;
  }

  QueuedRecipient rewrite(String recipient) throws IOException {
    String address = recipient;
    if (address.indexOf('@') < 0) {
      address = address + "@" + control.lineOrMe("envnoathost");
    }
    address = percentHack(address);
    String domain = address.substring(address.lastIndexOf('@') + 1);
    var locals = control.set("locals");
    if (contains(
        locals.isPresent() ? locals.get() : Set.of(Ascii.lower(control.lineOrMe("me"))), domain)) {
      return new QueuedRecipient(Channel.LOCAL, address);
    }
    Map<String, String> virtual = virtualDomains();
    String prefix = virtual.get(Ascii.lower(address));
    if (prefix == null) {
      prefix = virtual.get(Ascii.lower(withLabels(address)));
    }
    if (prefix == null) {
      prefix = byDomain(virtual, domain);
    }
    return prefix == null || prefix.isEmpty()
        ? new QueuedRecipient(Channel.REMOTE, address)
        : new QueuedRecipient(Channel.LOCAL, prefix + "-" + address);
  }

  /** The address without its virtual domain's prefix, for bounces (spec 10 section 8.2). */
  String withoutPrefix(String address) throws IOException {
    String prefix = byDomain(virtualDomains(), address.substring(address.lastIndexOf('@') + 1));
    boolean prefixed = prefix != null && !prefix.isEmpty() && address.startsWith(prefix + "-");
    return prefixed ? address.substring(prefix.length() + 1) : address;
  }

  private static String withLabels(String address) {
    int at = address.lastIndexOf('@') + 1;
    String domain = address.substring(at);
    return address.substring(0, at) + ALabels.domain(domain).orElse(domain);
  }

  private String percentHack(String address) throws IOException {
    Set<String> hosts = control.set("percenthack").orElse(Set.of());
    String result = address;
    int at = result.lastIndexOf('@');
    while (contains(hosts, result.substring(at + 1))) {
      int percent = result.lastIndexOf('%', at - 1);
      if (at == 0 || percent < 0) {
        break;
      }
      result = result.substring(0, percent) + "@" + result.substring(percent + 1, at);
      at = percent;
    }
    return result;
  }

  private Map<String, String> virtualDomains() throws IOException {
    return control.map("virtualdomains").orElse(Map.of());
  }

  private static String byDomain(Map<String, String> virtual, String domain) {
    String key = Ascii.lower(domain);
    String value = bySuffix(virtual, key);
    String labels = Ascii.lower(ALabels.domain(domain).orElse(domain));
    if (value == null && !labels.equals(key)) {
      value = bySuffix(virtual, labels);
    }
    return value == null ? virtual.get("") : value;
  }

  private static String bySuffix(Map<String, String> virtual, String key) {
    String value = virtual.get(key);
    for (int dot = key.indexOf('.'); value == null && dot >= 0; dot = key.indexOf('.', dot + 1)) {
      value = virtual.get(key.substring(dot));
    }
    return value;
  }

  private static boolean contains(Set<String> hosts, String domain) {
    return hosts.contains(Ascii.lower(domain))
        || hosts.contains(Ascii.lower(ALabels.domain(domain).orElse(domain)));
  }
}
