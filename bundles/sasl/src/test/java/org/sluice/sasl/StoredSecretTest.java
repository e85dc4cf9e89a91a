package org.sluice.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.auth.Credentials;

/** Fields of password files against passwords and challenges. */
class StoredSecretTest {
  /** UTF-8 as the bytes that a session sees. */
  private static final String SECRET =
      new String("s\u00e9cret x".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

  /** Made with openssl passwd, the last with libcrypt. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$1$saltsalt$uWPN7yg2lfTfBK/JNduXZ0",
        "$5$saltsalt$GtwUcXXqDmkxId1I8R9QoCYbKZa9EReWUHTdXxEBz00",
        "$6$saltsalt$YEz2IfxdexNjOgl5Dp8GTKz9JNBYYofpqQVwLa2fLz7HPjlzNY.z6Dn1YC/eBlmRrFVhxELVpZm7bDKXVCHHj1",
        "$6$rounds=1000$abcdefgh$hgllQmVF468OwD0bCmrjI4/TiZcPZN7d3Qw7rmi8xWHQD7NcehUFLqz9cFu7n7tESwjVD0GK6uPj/amz8czjM0"
      })
  void hashesOfCrypt(String field) {
    StoredSecret secret = StoredSecret.parse(field);
    assertTrue(secret.matches(SECRET));
    assertFalse(secret.matches(SECRET + " "));
    assertFalse(secret.matches(""));
    assertEquals(Set.of("PLAIN", "LOGIN"), secret.mechanisms());
  }

  @Test
  void theOldDesHash() {
    StoredSecret secret = StoredSecret.parse("abNANd1rDfiNc");
    assertTrue(secret.matches("secret"));
    assertFalse(secret.matches("Secret"));
  }

  @Test
  void clearTextChecksEverything() {
    StoredSecret secret = StoredSecret.parse("{PLAIN}tanstaaf");
    assertTrue(secret.matches("tanstaaf"));
    assertFalse(secret.matches("tanstaa"));
    assertFalse(secret.matches("tanstaaff"));
    // RFC 1939 section 7
    var apop =
        new Credentials.Response(
            "mrose",
            "APOP",
            "<1896.697170952@dbc.mtview.ca.us>",
            "c4c9334bac560ecc979e58001b3e22fb");
    assertTrue(secret.proves(apop));
    assertFalse(StoredSecret.parse("{PLAIN}other").proves(apop));
  }

  @Test
  void theExampleOfCramMd5() {
    // RFC 2195 section 2
    var cram =
        new Credentials.Response(
            "tim",
            "CRAM-MD5",
            "<1896.697170952@postoffice.reston.mci.net>",
            "b913a602c7eda7a495b4e6e7334d3890");
    assertTrue(StoredSecret.parse("{PLAIN}tanstaaftanstaaf").proves(cram));
    assertFalse(StoredSecret.parse("{PLAIN}tanstaaf").proves(cram));
    assertFalse(StoredSecret.parse("$6$x$y").proves(cram));
  }

  @Test
  void scramKeysCheckAPasswordToo() {
    byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    var keys = Scram.keys("SHA-256", "pencil".getBytes(StandardCharsets.US_ASCII), salt, 4096);
    StoredSecret secret = StoredSecret.parse(Scram.text(keys));
    assertTrue(secret.matches("pencil"));
    assertFalse(secret.matches("Pencil"));
    assertFalse(secret.matches(""));
    assertTrue(secret.scram("SHA-256").isPresent());
    assertTrue(secret.scram("SHA-1").isEmpty());
    assertEquals(Set.of("PLAIN", "LOGIN", "SCRAM-SHA-256"), secret.mechanisms());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "!",
        "*",
        "x",
        "!$6$saltsalt$x",
        "$y$j9T$abc$def",
        "$6$@@salt$abc",
        "$6$$abc",
        "$6$rounds=1000$abc",
        "$6$rounds=99999999999$salt$abc",
        "$5$sa lt$abc",
        "$1$saltsaltsalt$abc",
        "$1$s\u00e4lt$abc",
        "$6$salt$",
        "{PLAIN}",
        "{SCRAM-SHA-256}4096$c2FsdA==$c2hvcnQ=$c2hvcnQ=",
        "{SCRAM-SHA-256}0$a$b$c",
        "{SCRAM-SHA-256}x$$$",
        "{SSHA}abc"
      })
  void whatIsUnknownMatchesNothing(String field) {
    StoredSecret secret = StoredSecret.parse(field);
    assertFalse(secret.matches(""));
    assertFalse(secret.matches(field));
    assertEquals(Set.of(), secret.mechanisms());
  }

  @Test
  void whatAnOperatorIsTold() {
    for (String locked : new String[] {"", "!", "*", "!$6$saltsalt$x", "!!"}) {
      assertEquals(Optional.empty(), complaint(locked));
    }
    for (String bad : new String[] {"$6$@@salt$abc", "{PLAIN}", "{SCRAM-SHA-256}x$$$"}) {
      assertEquals(Optional.of("is malformed"), complaint(bad));
    }
    String unknown = "is of a kind that is not known here";
    assertEquals(Optional.of(unknown + ": $y$"), complaint("$y$j9T$abc$def"));
    assertEquals(Optional.of(unknown + ": $2b$"), complaint("$2b$10$abc"));
    assertEquals(Optional.of(unknown), complaint("secret"));
    assertEquals(Optional.of(unknown), complaint("{SSHA}abc"));
  }

  private static Optional<String> complaint(String field) {
    return assertInstanceOf(StoredSecret.Foreign.class, StoredSecret.parse(field)).complaint();
  }

  @Test
  void nothingSecretIsShown() {
    for (String field : new String[] {"{PLAIN}hush", "$6$saltsalt$hush", "hushhushhush!"}) {
      assertFalse(StoredSecret.parse(field).toString().contains("hush"));
    }
    assertFalse(new Credentials.Password("joe", "hush").toString().contains("hush"));
  }
}
