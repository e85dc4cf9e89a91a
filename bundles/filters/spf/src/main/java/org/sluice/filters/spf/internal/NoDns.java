package org.sluice.filters.spf.internal;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.SPFSession;
import org.apache.james.jspf.executor.FutureSPFResult;
import org.apache.james.jspf.executor.SPFExecutor;

/** What jSPF wants to be given and does not use, as {@link Evaluation} asks for it. */
enum NoDns implements DNSService, SPFExecutor {
  INSTANCE;

  @Override
  public List<String> getRecords(DNSRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
    throw new UnsupportedOperationException();
  }

  /** For the macro r, which is for explanations only: this host's name is nobody's business. */
  @Override
  public List<String> getLocalDomainNames() {
    return List.of();
  }

  @Override
  public void setTimeOut(int seconds) {}

  @Override
  public int getRecordLimit() {
    return 0;
  }

  @Override
  public void setRecordLimit(int limit) {}

  @Override
  public void execute(SPFSession session, FutureSPFResult result) {
    throw new UnsupportedOperationException();
  }
}
