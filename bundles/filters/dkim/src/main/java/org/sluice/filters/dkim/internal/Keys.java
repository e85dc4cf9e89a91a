package org.sluice.filters.dkim.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.PublicKeyRecord;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.sluice.dns.DnsResolver;

/** The keys of one message's signatures, from the DNS, in a limited time. Used by one thread. */
final class Keys {
  private static final int LONGEST = 4_096;

  private final DnsResolver dns;
  private final long end;

  Keys(DnsResolver dns, Duration limit) {
    this.dns = dns;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** The key of a signature, which may be used for it. */
  PublicKeyRecord key(SignatureRecord signature) throws Failure, InterruptedException {
    // Asked once, however often the signature names the only method that there is.
    if (signature.getRecordLookupMethods().stream().noneMatch("dns/txt"::contentEquals)) {
      throw new Failure("neutral", "no way to find the key");
    }
    List<String> records =
        records(signature.getSelector() + "._domainkey." + signature.getDToken());
    if (records.stream().anyMatch(record -> record.length() > LONGEST)) {
      throw new Failure("permerror", "the key record is too long");
    }
    try {
      PublicKeyRecord key = new Selector().publicKeySelector(records);
      DKIMVerifier.apply(key, signature);
      return key;
    } catch (PermFailException | RuntimeException e) {
      throw new Failure("permerror", records.isEmpty() ? "no key" : "the key cannot be used");
    }
  }

  private List<String> records(String name) throws Failure, InterruptedException {
    if (System.nanoTime() - end > 0) {
      throw new Failure("temperror", "the look-ups take too long");
    }
    try {
      Optional<List<String>> found = dns.txt(name);
      return found.orElse(List.of());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new Failure("temperror", "no answer about the key");
    }
  }

  /** The library's choice among records, with our reading of their keys. */
  private static final class Selector extends DKIMVerifier {
    private static final PublicKeyRecordRetriever NONE = (method, selector, domain) -> List.of();

    Selector() {
      super(NONE);
    }

    @Override
    protected PublicKeyRecord newPublicKeyRecord(String record) {
      return new KeyRecord(record);
    }
  }
}
