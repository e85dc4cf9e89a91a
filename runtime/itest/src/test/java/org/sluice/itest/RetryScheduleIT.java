package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.ServiceRegistration;

/** A service that decides when mail is tried again comes, goes and comes back in a framework. */
class RetryScheduleIT {
  private static final String SERVICE = "org.sluice.api.delivery.RetrySchedule";

  @RegisterExtension static final Framework FRAMEWORK = new Framework("retry-schedule");

  /** Registers one that has everything tried again two seconds later. */
  private static ServiceRegistration<?> come() throws ClassNotFoundException {
    // The framework has its own copy of the interface.
    Class<?> type = FRAMEWORK.bundle("org.sluice.api").loadClass(SERVICE);
    Object schedule =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "next" -> Optional.of(((Instant) arguments[1]).plusSeconds(2));
                  case "equals" -> self == arguments[0];
                  case "hashCode" -> System.identityHashCode(self);
                  default -> SERVICE;
                });
    return FRAMEWORK.context().registerService(SERVICE, schedule, null);
  }

  private static void send(String to) throws IOException {
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      String reply = client.send("", to, "Subject: x\n\nx\n");
      assertTrue(reply.startsWith("250 "), reply);
    }
  }

  private static long attempts(String to) throws IOException {
    return Files.readAllLines(FRAMEWORK.home().resolve("log/qmail-send")).stream()
        .filter(line -> line.endsWith(" to remote " + to))
        .count();
  }

  @Test
  void comesGoesAndComesBack() throws Exception {
    var control = FRAMEWORK.home().resolve("control");
    Files.writeString(control.resolve("rcpthosts"), "far.example\n");
    Files.writeString(control.resolve("smtproutes"), ":127.0.0.1:1\n"); // where nobody listens
    var schedule = come();
    send("a@far.example");
    Poll.until("it is tried again and again", 60_000, () -> attempts("a@far.example") >= 3);
    schedule.unregister();
    send("b@far.example");
    Thread.sleep(5_000); // what qmail's schedule says is minutes
    assertEquals(1, attempts("b@far.example"));
    schedule = come();
    send("c@far.example");
    Poll.until("it is tried again and again", 60_000, () -> attempts("c@far.example") >= 3);
    assertEquals(1, attempts("b@far.example"), "what is settled stays");
    schedule.unregister();
  }
}
