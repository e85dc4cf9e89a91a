package org.sluice.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on a free port of 127.0.0.1. */
public final class NameServer implements AutoCloseable {
  /** In the place of records: the server's trouble. */
  public static final List<String> SERVFAIL = List.of("SERVFAIL");

  private final Map<String, List<String>> records;
  private final DatagramSocket socket;

  /**
   * Starts.
   *
   * @param records data in the form of zone files, by {@code name. TYPE} in lower and upper case;
   *     names that are in no key do not exist
   */
  public NameServer(Map<String, List<String>> records) throws IOException {
    this.records = Map.copyOf(records);
    socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    var thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it is, as {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
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

  private byte[] answer(Message query) throws IOException {
    Record question = query.getQuestion();
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.addRecord(question, Section.QUESTION);
    String name = question.getName().toString().toLowerCase(Locale.ROOT) + " ";
    List<String> found = records.getOrDefault(name + Type.string(question.getType()), List.of());
    if (found.equals(SERVFAIL)) {
      reply.getHeader().setRcode(Rcode.SERVFAIL);
    } else if (records.keySet().stream().noneMatch(key -> key.startsWith(name))) {
      reply.getHeader().setRcode(Rcode.NXDOMAIN);
    } else {
      for (String data : found) {
        var record =
            Record.fromString(
                question.getName(), question.getType(), 1, 60, data, question.getName());
        reply.addRecord(record, Section.ANSWER);
      }
    }
    return reply.toWire();
  }

  @Override
  public void close() {
    socket.close();
  }
}
