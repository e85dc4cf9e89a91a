package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Identity;
import org.sluice.api.pop3.Pop3Answer;
import org.sluice.api.pop3.Pop3Command;
import org.sluice.api.pop3.Pop3Hooks;
import org.sluice.base.Plaintext;
import org.sluice.testkit.Logged;
import org.sluice.testkit.TestConnection;

/** What an extension can do, and what it cannot. */
class ExtensionsTest {
  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home);
  }

  private String say(String text) throws Exception {
    String heard = accounts.say(text);
    return heard.substring(heard.indexOf('\n') + 1);
  }

  @Test
  void withoutAnyItIsQmail() throws Exception {
    String heard = accounts.say("CAPA\r\nAUTH PLAIN\r\nSTLS\r\n" + Accounts.LOGIN + "CAPA\r\n");
    assertTrue(
        heard.matches(
            "(?s)\\+OK <\\d+\\.\\d+@pop\\.example>\r\n(-ERR authorization first\r\n){3}"
                + "(\\+OK \r\n){2}-ERR unimplemented\r\n"),
        heard);
    assertEquals(
        "+OK \r\n-ERR authorization failed\r\n", say("USER joe\r\nPASS wrong\r\nNOOP\r\n"));
  }

  /** It is the operator who says where passwords may be sent, whatever is installed. */
  @Test
  void aPasswordIsNoMoreTakenInTheClearThanWithThem() throws Exception {
    accounts.allow(true, Plaintext.NEVER);
    assertEquals("-ERR a password needs TLS here: STLS first\r\n", say("USER joe\r\n"));
    accounts.allow(false, Plaintext.NEVER);
    assertEquals("+OK \r\n+OK \r\n", say(Accounts.LOGIN));
  }

  @Test
  void noneTakesPartUnlessTheOperatorWantsIt() throws Exception {
    accounts.join(Fake.verb("x", new Pop3Answer.Ok("x")));
    assertEquals("+OK x\r\n", say("X\r\n"));
    accounts.allow(false, Plaintext.ALWAYS);
    assertEquals("-ERR authorization first\r\n", say("X\r\n"));
  }

  @Test
  void verbsOfTheirOwnInBothStates() throws Exception {
    List<String> seen = new ArrayList<>();
    accounts.join(
        Fake.lists("A"),
        dialogue ->
            Optional.of(
                new Pop3Hooks() {
                  @Override
                  public Pop3Answer command(Pop3Command command) {
                    seen.add(command.verb() + "|" + command.argument() + "|" + dialogue.loggedIn());
                    return Pop3Answer.pass();
                  }
                }),
        Fake.verb("x", (dialogue, command) -> new Pop3Answer.Error(command.argument())),
        Fake.verb("x", new Pop3Answer.Ok("never asked")),
        Fake.verb("y", new Pop3Answer.Lines(List.of(".", "a", ".."))));
    String lines = "+OK \r\n..\r\na\r\n...\r\n.\r\n";
    assertEquals(
        "-ERR b c \r\n" + lines + "-ERR authorization first\r\n+OK \r\n",
        say("x  b c \r\nY\r\nz\r\nQUIT\r\n"));
    assertEquals(List.of("x|b c |false", "y||false", "z||false"), seen);
    seen.clear();
    assertEquals(
        "-ERR \r\n" + lines + "-ERR unimplemented\r\n+OK 0 0\r\n+OK \r\n",
        accounts.read("X\r\ny\r\nz\r\nSTAT\r\nQUIT\r\n"));
    assertEquals(List.of("x||true", "y||true", "z||true"), seen);
  }

  @Test
  void asksTheClient() throws Exception {
    accounts.join(Fake.asks("x"));
    assertEquals("+ abc\r\n+OK def\r\n+OK \r\n", say("X abc\r\ndef\r\nNOOP\r\n"));
    // A client that goes away in the midst ends the session; that is no failure of the extension.
    var connection = new TestConnection("X abc\r\nde", Accounts.LOCAL, 1 << 16);
    var logged =
        Logged.during(() -> assertThrows(IOException.class, () -> accounts.serve(connection)));
    assertEquals(List.of(), logged);
    assertTrue(connection.heard().endsWith("+ abc\r\n"), connection.heard());
  }

  @Test
  void loginsCountAndAreTold() throws Exception {
    accounts.join(
        Fake.coded((code, text) -> code + " " + text),
        Fake.verb("bad", new Pop3Answer.Refused("BAD", "a\nb")),
        Fake.verb("trouble", new Pop3Answer.Unavailable(new IOException("no disk"))),
        Fake.verb("good", new Pop3Answer.Accepted(identity())));
    var logged =
        Logged.during(
            () ->
                assertEquals(
                    "-ERR AUTH authorization failed\r\n-ERR SYS/TEMP authorization failed\r\n"
                        + "+OK \r\n+OK 0 0\r\n-ERR unimplemented\r\n",
                    say("BAD\r\nTROUBLE\r\nGOOD\r\nSTAT\r\nGOOD\r\n")));
    assertTrue(logged.get(0).endsWith("test: BAD of a?b failed, from 127.0.0.1"), logged.get(0));
    assertTrue(logged.get(1).endsWith("test: no login possible: no disk"), logged.get(1));
    assertTrue(logged.get(2).endsWith("test: login of joe"), logged.get(2));
    assertEquals(
        "-ERR AUTH authorization failed\r\n+OK \r\n-ERR AUTH authorization failed\r\n"
            + "-ERR AUTH authorization failed\r\n",
        say("BAD\r\nUSER joe\r\nPASS x\r\nBAD\r\nNOOP\r\n"));
  }

  @Test
  void nobodyIsAskedForALoginBeforeTlsThatIsDemanded() throws Exception {
    accounts.join(Fake.verb("auth", new Pop3Answer.Ok("asked")));
    assertEquals("+OK asked\r\n", say("AUTH\r\n"));
    accounts.requireTls(true);
    assertEquals("-ERR TLS is required here\r\n", say("AUTH\r\n"));
  }

  @Test
  void nobodyLogsInBeforeTlsThatIsDemandedByACommandOfAnotherName() throws Exception {
    accounts.join(
        Fake.verb("good", new Pop3Answer.Accepted(identity())),
        Fake.verb("bad", new Pop3Answer.Refused("BAD", "joe")));
    accounts.requireTls(true);
    assertEquals(
        "-ERR TLS is required here\r\n-ERR TLS is required here\r\n-ERR authorization first\r\n",
        say("GOOD\r\nBAD\r\nSTAT\r\n"));
  }

  private Identity identity() {
    return new Identity("joe", accounts.uid, 1, home.resolve("joe"), Map.of());
  }

  private List<String> insideTls(String clear, String encrypted) throws Exception {
    var connection =
        new StreamConnection(new ByteArrayInputStream(clear.getBytes()), Accounts.LOCAL);
    connection.encrypted = Optional.of(new ByteArrayInputStream(encrypted.getBytes()));
    List<String> lines = connection.lines(accounts.start(connection));
    return lines.subList(1, lines.size());
  }

  @Test
  void tlsForgetsWhatWasSaidBeforeAndInjected() throws Exception {
    accounts.join(Fake.verb("x", new Pop3Answer.StartTls("go", s -> null)));
    assertEquals(
        List.of("+OK ", "+OK go", "-ERR USER first", "-ERR authorization first", "+OK "),
        insideTls("USER joe\r\nX\r\nUSER joe\r\nNOOP\r\n", "PASS secret\r\nX\r\nNOOP\r\n"));
    assertEquals("-ERR unimplemented\r\n", accounts.read("X\r\n"));
  }

  @Test
  void whatTheListenerListsFollowsTheStateOfThings() throws Exception {
    accounts.join(Fake.lister(), Fake.lists("A", "B c"));
    String own = "+OK \r\nTOP\r\nUIDL\r\nPIPELINING\r\nEXPIRE NEVER\r\n";
    assertEquals(own + "USER\r\nA\r\nB c\r\n.\r\n", say("LINES\r\n"));
    assertEquals(own + "IMPLEMENTATION Sluice\r\nA\r\nB c\r\n.\r\n", accounts.read("LINES\r\n"));
    accounts.allow(true, Plaintext.NEVER);
    assertEquals(own + "A\r\nB c\r\n.\r\n", say("LINES\r\n"));
  }

  @Test
  void whatItKnowsOfTheConnection() throws Exception {
    List<String> seen = new ArrayList<>();
    accounts.join(
        Fake.verb(
            "x",
            (dialogue, command) -> {
              seen.add(
                  "%s %s %s %s %s"
                      .formatted(
                          dialogue.host(),
                          dialogue.environment().get("TCPREMOTEIP"),
                          dialogue.tls().isPresent(),
                          dialogue.passwords(),
                          dialogue.challenges()));
              return command.argument().isEmpty()
                  ? new Pop3Answer.Ok("")
                  : new Pop3Answer.StartTls("", s -> null);
            }));
    accounts.allow(true, Plaintext.NEVER);
    insideTls("X\r\nX tls\r\n", "X\r\n");
    accounts.requireTls(true);
    say("X\r\n");
    assertEquals(
        List.of(
            "pop.example 127.0.0.1 false false true",
            "pop.example 127.0.0.1 false false true",
            "pop.example 127.0.0.1 true true true",
            "pop.example 127.0.0.1 false false false"),
        seen);
  }

  @Test
  void aBrokenOneIsTemporaryTroubleAndNoMore() throws Exception {
    Pop3Hooks broken =
        new Pop3Hooks() {
          @Override
          public List<String> capabilities() {
            throw new IllegalStateException("broken");
          }

          @Override
          public Pop3Answer command(Pop3Command command) throws IOException {
            return switch (command.verb()) {
              case "a" -> throw new IOException("broken");
              case "b" -> throw new NoClassDefFoundError("gone");
              case "c" -> null;
              case "d" -> new Pop3Answer.Ok("two\r\nlines");
              default -> Pop3Answer.pass();
            };
          }

          @Override
          public String error(String code, String text) {
            return text.isEmpty() ? text : "two\nlines";
          }
        };
    accounts.join(
        dialogue -> {
          throw new IllegalStateException("cannot join");
        },
        dialogue -> null,
        Fake.coded((code, text) -> "[" + code + "] " + text),
        dialogue -> Optional.of(broken),
        Fake.lister(),
        Fake.lists("two\r\nlines"),
        Fake.lists("LAST"));
    String failed = "-ERR [SYS/TEMP] an extension of this server failed, try again\r\n";
    assertEquals(
        failed.repeat(4) + "-ERR authorization first\r\n+OK \r\n",
        say("A\r\nB\r\nC\r\nD\r\nE\r\nNOOP\r\n"));
    assertTrue(say("LINES\r\n").endsWith("USER\r\nLAST\r\n.\r\n"));
    assertEquals(failed + "+OK 0 0\r\n", accounts.read("A\r\nSTAT\r\n"));
  }
}
