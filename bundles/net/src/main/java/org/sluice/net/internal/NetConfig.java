package org.sluice.net.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One listening socket: the command line of one tcpserver. */
@ObjectClassDefinition(name = "Sluice listener")
public @interface NetConfig {
  @AttributeDefinition(
      description =
          "Address to listen on; 0 for all IPv4 addresses, :: for all IPv4 and IPv6 addresses")
  String address() default "127.0.0.1";

  @AttributeDefinition(description = "Port to listen on; 0 lets the system choose")
  int port() default 0;

  @AttributeDefinition(description = "Protocol spoken, as in the property sluice.protocol")
  String protocol();

  @AttributeDefinition(
      description =
          "Name in logs and of the file run/NAME.port; the default is the protocol, with an s behind"
              + " it for TLS")
  String name() default "";

  @AttributeDefinition(description = "Connections at the same time; further ones wait")
  int limit() default 40;

  @AttributeDefinition(
      description =
          "Connections at the same time from one address (IPv6: network of 64 bits); 0 for any. This"
              + " and the next three need the bundle org.sluice.tcp.limits")
  int perAddressLimit() default 0;

  @AttributeDefinition(
      description = "Connections a minute from one address (IPv6: network of 64 bits); 0 for any")
  int perAddressRate() default 0;

  @AttributeDefinition(
      description =
          "Connections at the same time from all addresses of one network (networkBits); 0 for any")
  int perNetworkLimit() default 0;

  @AttributeDefinition(
      description =
          "Connections a minute from all addresses of one network (networkBits); 0 for any")
  int perNetworkRate() default 0;

  @AttributeDefinition(
      description =
          "Bits that the IPv4 addresses of a network have in common, for perNetworkLimit and"
              + " perNetworkRate; 1 to 32")
  int networkBits() default 24;

  @AttributeDefinition(
      description =
          "Bits that the IPv6 addresses of a network have in common, for perNetworkLimit and"
              + " perNetworkRate; 1 to 64")
  int networkBitsIpv6() default 48;

  @AttributeDefinition(
      description =
          "Octets a second; a client that sends and takes less loses its place while all places are"
              + " taken and others wait; 0 sends nobody away")
  int leastRate() default 100;

  @AttributeDefinition(description = "Length of the queue of connections not yet accepted")
  int backlog() default 1024;

  @AttributeDefinition(description = "Path of rules.cdb, relative to sluice.home; empty for none")
  String rules() default "";

  @AttributeDefinition(description = "TCPLOCALHOST; empty leaves it to localLookup")
  String localName() default "";

  @AttributeDefinition(
      description =
          "Look up the name of the address that the client has connected to (TCPLOCALHOST), unless"
              + " localName is set")
  boolean localLookup() default false;

  @AttributeDefinition(description = "Look up the name of the client (TCPREMOTEHOST)")
  boolean lookup() default false;

  @AttributeDefinition(description = "Take only a name that leads back to the client's address")
  boolean paranoid() default false;

  @AttributeDefinition(description = "Ask the client's ident server, port 113 (TCPREMOTEINFO)")
  boolean ident() default false;

  @AttributeDefinition(description = "Seconds that the ident server has to answer")
  int identSeconds() default 26;

  @AttributeDefinition(
      description =
          "NAME=value, set for every connection, several in lines or as [ \"A=b\", \"C=d\" ]; rules"
              + " override it")
  String[] environment() default {};

  @AttributeDefinition(description = "Seconds that sessions may take to end by themselves")
  int drainSeconds() default 30;

  @AttributeDefinition(description = "Seconds without progress after which a connection fails")
  int timeoutSeconds() default 1200;

  @AttributeDefinition(description = "TLS from the first octet on, as on the port of smtps")
  boolean tls() default false;

  @AttributeDefinition(
      description =
          "Addresses (or networks such as 10.0.0.0/8), separated by commas or blanks, of proxies,"
              + " which must begin with a header of the PROXY protocol (needs the bundle"
              + " org.sluice.tcp.proxy)")
  String proxies() default "";

  @AttributeDefinition(
      description =
          "Log the lines of tcpserver -v (status, pid, ok or deny, end) at the level INFO, with the"
              + " logger tcpserver.NAME")
  boolean verbose() default false;
}
