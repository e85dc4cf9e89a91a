package org.sluice.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The questions that mail asks the DNS. Thread-safe. Each answer is the records of the answer
 * section, owner names not compared; empty means hard: no such name, no such data. An IOException
 * means soft: it cannot be told now (spec 30 section 2.5).
 */
public interface DnsResolver {
  /**
   * A mail exchanger.
   *
   * @param preference lower is better
   * @param name its host name
   */
  record Exchanger(int preference, String name) {}

  /** MX records in the order received. */
  Optional<List<Exchanger>> mx(String name) throws IOException;

  /** A records in the order received. */
  Optional<List<InetAddress>> ipv4(String name) throws IOException;

  /** AAAA records in the order received. */
  Optional<List<InetAddress>> ipv6(String name) throws IOException;

  /**
   * TXT records in the order received: the strings of each, one behind the other, as bytes in
   * ISO-8859-1.
   */
  Optional<List<String>> txt(String name) throws IOException;

  /**
   * PTR records of an address in the order received: the labels of each name, without the root, as
   * bytes in ISO-8859-1, for a label may hold any octet.
   */
  Optional<List<List<String>>> ptr(InetAddress address) throws IOException;
}
