package org.sluice.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that follows the steps of spec 30 section 13 for one connection on loopback. */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket socket;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<String> received = new CompletableFuture<>();

  /** Listens on a free port of 127.0.0.1. */
  public ScriptedServer(List<Map<String, Object>> steps) throws IOException {
    this("127.0.0.1", 0, steps);
  }

  /** Listens; port 0 is a free one. */
  public ScriptedServer(String address, int port, List<Map<String, Object>> steps)
      throws IOException {
    socket = new ServerSocket(port, 5, InetAddress.getByName(address));
    var thread = new Thread(() -> serve(steps), "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** The port it listens on. */
  public int port() {
    return socket.getLocalPort();
  }

  /** All that came from the client; "" if it never connected. */
  public String received() throws Exception {
    return received.get(20, TimeUnit.SECONDS);
  }

  private void serve(List<Map<String, Object>> steps) {
    var got = new ByteArrayOutputStream();
    try (Socket client = socket.accept()) {
      for (Map<String, Object> step : steps) {
        if (step.get("send") instanceof String text) {
          client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
          client.getOutputStream().flush();
        } else if (step.get("expect") instanceof String text) {
          got.write(client.getInputStream().readNBytes(text.length()));
        } else if (step.get("pause") instanceof Long millis) {
          closing.await(millis, TimeUnit.MILLISECONDS);
        } else if (step.get("close") != null) {
          received.complete(got.toString(StandardCharsets.ISO_8859_1));
          return;
        }
      }
      for (int c = client.getInputStream().read(); c >= 0; c = client.getInputStream().read()) {
        got.write(c);
      }
      received.complete(got.toString(StandardCharsets.ISO_8859_1));
    } catch (IOException | InterruptedException e) {
      received.complete(got.toString(StandardCharsets.ISO_8859_1));
    }
  }

  /** From now on connections are refused. */
  public void stop() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    socket.close();
  }
}
