package org.sluice.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The resolver against a name server on loopback. */
class DnsJavaResolverTest {
  private DatagramSocket socket;
  private DnsResolver dns;

  @BeforeEach
  void start() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    var thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
    dns = DnsJavaResolver.of("127.0.0.1:" + socket.getLocalPort());
  }

  @AfterEach
  void stop() {
    socket.close();
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[512], 512);
    try {
      while (!socket.isClosed()) {
        packet.setLength(512);
        socket.receive(packet);
        byte[] reply = answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength())));
        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      assert socket.isClosed();
    }
  }

  private static byte[] answer(Message query) throws IOException {
    Record question = query.getQuestion();
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.addRecord(question, Section.QUESTION);
    String name = question.getName().toString();
    if (name.startsWith("bad")) {
      reply.getHeader().setRcode(Rcode.SERVFAIL);
    } else if (name.startsWith("none")) {
      reply.getHeader().setRcode(Rcode.NXDOMAIN);
    } else if (question.getType() == Type.MX && name.startsWith("full")) {
      add(reply, question, "10 m1.test.");
      add(reply, question, "0 .");
    } else if (question.getType() == Type.A && name.startsWith("full")) {
      add(reply, question, "192.0.2.1");
    }
    if (name.equals("7.2.0.192.in-addr.arpa.")) {
      add(reply, question, "Client.Ex\\.Ample\\032x.NET.");
    } else if (name.startsWith("1.0.0.0") && name.endsWith("8.b.d.0.1.0.0.2.ip6.arpa.")) {
      add(reply, question, "six.example.");
    }
    return reply.toWire();
  }

  private static void add(Message reply, Record question, String data) throws IOException {
    reply.addRecord(
        Record.fromString(question.getName(), question.getType(), 1, 60, data, question.getName()),
        Section.ANSWER);
  }

  @Test
  void answersHardAndSoft() throws IOException {
    assertEquals(
        Optional.of(
            List.of(new DnsResolver.Exchanger(10, "m1.test"), new DnsResolver.Exchanger(0, "."))),
        dns.mx("full.test"));
    assertEquals(Optional.of(List.of(InetAddress.getByName("192.0.2.1"))), dns.ipv4("full.test"));
    assertEquals(Optional.empty(), dns.ipv6("full.test"));
    assertEquals(Optional.empty(), dns.mx("none.test"));
    assertEquals(Optional.empty(), dns.mx(""));
    assertEquals(Optional.empty(), dns.ipv4("a..b"));
    assertThrows(IOException.class, () -> dns.mx("bad.test"));
  }

  @Test
  void namesOfAddresses() throws IOException {
    assertEquals(
        Optional.of(List.of(List.of("Client", "Ex.Ample x", "NET"))),
        dns.ptr(InetAddress.getByName("192.0.2.7")));
    assertEquals(
        Optional.of(List.of(List.of("six", "example"))),
        dns.ptr(InetAddress.getByName("2001:db8::1")));
    assertEquals(Optional.empty(), dns.ptr(InetAddress.getByName("192.0.2.8")));
  }
}
