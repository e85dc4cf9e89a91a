package org.sluice.delivery.lmtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestDelivery;

/** A real server. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DovecotTest {
  private static final int NOBODY = 65534;

  @TempDir Path directory;

  @Test
  void dovecotStoresIt() throws Exception {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    Assumptions.assumeTrue(root, "Dovecot is started by root only");
    Installed.require(Files.isExecutable(Path.of("/usr/lib/dovecot/lmtp")), "dovecot-lmtpd");
    Files.setAttribute(directory, "unix:mode", 0755);
    Files.createDirectory(directory.resolve("run"));
    Path mail = Files.createDirectory(directory.resolve("mail"));
    Files.setAttribute(mail, "unix:uid", NOBODY);
    Process dovecot =
        new ProcessBuilder("dovecot", "-F", "-c", configuration().toString()).inheritIO().start();
    try {
      while (!Files.exists(directory.resolve("lmtp")) && dovecot.isAlive()) {
        Thread.sleep(50);
      }
      delivered(mail);
    } finally {
      dovecot.destroy();
      assertTrue(dovecot.waitFor(1, TimeUnit.MINUTES));
    }
  }

  private void delivered(Path mail) throws Exception {
    var agent = new LmtpAgent(Duration.ofSeconds(30), Duration.ofSeconds(60), "here.example");
    String text = "Subject: \u00e9\n\n.dot\n" + "From line\n".repeat(20_000);
    var delivery = new TestDelivery(directory).message(TestDelivery.message(text));
    DeliveryResult result = agent.deliver(delivery.of("unix:lmtp jane@example.org"));
    assertTrue(result instanceof DeliveryResult.Delivered, result.toString());
    try (var files = Files.list(mail.resolve("jane/new"))) {
      List<Path> found = files.toList();
      assertEquals(1, found.size());
      String stored = Files.readString(found.get(0), StandardCharsets.ISO_8859_1);
      assertTrue(stored.contains("Return-Path: <sam@sender.example>\n"), stored);
      assertTrue(stored.endsWith("Delivered-To: joe@example.org\n" + text), stored);
    }
  }

  private Path configuration() throws IOException {
    String text =
        """
        base_dir = %1$s/run
        state_dir = %1$s/run
        log_path = %1$s/log
        protocols = lmtp
        ssl = no
        default_internal_user = root
        default_internal_group = root
        default_login_user = nobody
        mail_location = maildir:%1$s/mail/%%n
        passdb {
          driver = static
          args = nopassword=y
        }
        userdb {
          driver = static
          args = uid=%2$d gid=%2$d home=%1$s/mail/%%n
        }
        service lmtp {
          unix_listener %1$s/lmtp {
            mode = 0666
          }
        }
        """
            .formatted(directory, NOBODY);
    return Files.writeString(directory.resolve("dovecot.conf"), text);
  }
}
