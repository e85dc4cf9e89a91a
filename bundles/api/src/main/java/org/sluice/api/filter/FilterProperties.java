package org.sluice.api.filter;

/** Service properties of every filter (EXTENSIONS.md section 4.7). Order is by service.ranking. */
public final class FilterProperties {
  /** The filter's name, a string. Default: the component's name. */
  public static final String NAME = "sluice.filter.name";

  /** Protocols it serves, a string or strings such as {@code smtp}. Default: all. */
  public static final String PROTOCOLS = "sluice.protocols";

  /** Time limit of a call in seconds. Default 30, for a {@link MessageFilter} 300. */
  public static final String TIMEOUT = "sluice.timeout";

  /** What a throw, a time-out or a null means: tempfail (default), accept, reject, quarantine. */
  public static final String ON_FAILURE = "sluice.onFailure";

  /** Calls at once at most. Default 100. */
  public static final String CONCURRENCY = "sluice.concurrency";

  /** Failures in a time that open the circuit breaker, {@code 10/60s} by default. */
  public static final String BREAKER = "sluice.breaker";

  /** {@code enforce} (default), or {@code shadow}: the verdict is logged and ignored. */
  public static final String MODE = "sluice.mode";

  private FilterProperties() {}
}
