package org.sluice.net.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;

/**
 * Answers each line with its tag and the line; {@code quit} ends. Greets, so that a client knows it
 * is served. Idle between lines; says {@code 421} when told to go.
 */
final class Echo implements ConnectionHandler {
  private final String tag;

  Echo(String tag) {
    this.tag = tag;
  }

  @Override
  public void handle(Connection connection) throws IOException {
    say(connection, "hello");
    while (true) {
      connection.idle(true);
      String line = line(connection);
      connection.idle(false);
      if (line == null || connection.draining()) {
        if (connection.draining()) {
          say(connection, "421");
        }
        return;
      }
      if (line.equals("quit")) {
        say(connection, "bye");
        return;
      }
      say(connection, tag + " " + line);
    }
  }

  @Override
  public String refusal() {
    return "too many\n";
  }

  static void say(Connection connection, String text) throws IOException {
    connection.out().write((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  static String line(Connection connection) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = connection.in().read(); c >= 0; c = connection.in().read()) {
      if (c == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      line.write(c);
    }
    return null;
  }
}
