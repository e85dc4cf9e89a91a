package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;
import org.sluice.sasl.Scram;

/** SCRAM (RFC 5802 sections 5 and 7, RFC 7677) without channel binding. */
final class ScramExchange implements SaslExchange {
  private enum State {
    START,
    FIRST,
    FINAL,
    ACKNOWLEDGED
  }

  private final String hash;
  private final ScramAccounts accounts;
  private final String ownNonce;
  private State state = State.START;
  private ClientFirst first;
  private ScramAccounts.Account account;
  private String serverFirst;
  private Optional<Identity> proved = Optional.empty();

  ScramExchange(String hash, ScramAccounts accounts, String ownNonce) {
    this.hash = hash;
    this.accounts = accounts;
    this.ownNonce = ownNonce;
  }

  @Override
  public SaslStep respond(Optional<byte[]> response) throws IOException, InterruptedException {
    if (response.isEmpty()) {
      if (state != State.START) {
        return new SaslStep.Malformed();
      }
      state = State.FIRST;
      return new SaslStep.Challenge(new byte[0]);
    }
    String text = new String(response.get(), StandardCharsets.ISO_8859_1);
    return switch (state) {
      case START, FIRST -> first(text);
      case FINAL -> last(text);
      // The server's signature was sent as a challenge, to which there is nothing to say.
      case ACKNOWLEDGED ->
          text.isEmpty()
              ? proved
                  .<SaslStep>map(SaslStep.Accepted::new)
                  .orElseGet(() -> new SaslStep.Refused(first.name()))
              : new SaslStep.Malformed();
    };
  }

  private SaslStep first(String text) throws IOException, InterruptedException {
    Optional<ClientFirst> parsed = ClientFirst.parse(text);
    if (parsed.isEmpty()) {
      return new SaslStep.Malformed();
    }
    first = parsed.get();
    account = accounts.find(first.name(), hash);
    serverFirst =
        "r="
            + first.nonce()
            + ownNonce
            + ",s="
            + Base64.getEncoder().encodeToString(account.keys().salt())
            + ",i="
            + account.keys().iterations();
    state = State.FINAL;
    return new SaslStep.Challenge(bytes(serverFirst));
  }

  private SaslStep last(String text) throws IOException, InterruptedException {
    int at = text.lastIndexOf(",p=");
    String expected = "c=" + base64(bytes(first.header())) + ",r=" + first.nonce() + ownNonce;
    if (at < 0 || !(text.substring(0, at) + ",").startsWith(expected + ",")) {
      return new SaslStep.Malformed();
    }
    byte[] proof;
    try {
      proof = Base64.getDecoder().decode(text.substring(at + 3));
    } catch (IllegalArgumentException e) {
      return new SaslStep.Malformed();
    }
    byte[] message = bytes(first.bare() + "," + serverFirst + "," + text.substring(0, at));
    if (!proves(proof, message)) {
      return new SaslStep.Refused(first.name());
    }
    proved = accounts.identity(account, first.name());
    if (proved.isEmpty() || refusedOther()) {
      return new SaslStep.Refused(first.name());
    }
    state = State.ACKNOWLEDGED;
    byte[] signature = Scram.hmac(hash, account.keys().serverKey(), message);
    return new SaslStep.Challenge(bytes("v=" + base64(signature)));
  }

  private boolean proves(byte[] proof, byte[] message) {
    byte[] clientKey = Scram.hmac(hash, account.keys().storedKey(), message);
    if (proof.length != clientKey.length) {
      return false;
    }
    Scram.xor(clientKey, proof);
    return MessageDigest.isEqual(Scram.digest(hash, clientKey), account.keys().storedKey());
  }

  /** Nobody may act for somebody else here. */
  private boolean refusedOther() {
    return !first.authorization().isEmpty() && !first.authorization().equals(first.name());
  }

  private static String base64(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
