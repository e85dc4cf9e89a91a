package org.sluice.api.filter;

/**
 * Service properties of every filter (EXTENSIONS.md section 4.7). A value that cannot be used is
 * logged, and the default holds. Order is by service.ranking, higher first, unless the operator
 * sets one in the configuration {@code org.sluice.filters}.
 */
public final class FilterProperties {
  /**
   * The filter's name, a string: what operators order and require filters by. Of several services
   * of one name the first in order is asked at a stage, the others stand by. Default: the name of
   * the component, or of the class.
   */
  public static final String NAME = "sluice.filter.name";

  /** Protocols it serves, a string or strings such as {@code smtp}. Default: all. */
  public static final String PROTOCOLS = "sluice.protocols";

  /**
   * Time limit of a call in seconds, {@code 0.001} to {@code 86400}; waiting for {@link
   * #CONCURRENCY} is part of it. Default 30, for a {@link MessageFilter} 300.
   */
  public static final String TIMEOUT = "sluice.timeout";

  /** What a throw, a time-out or a null means: tempfail (default), accept, reject, quarantine. */
  public static final String ON_FAILURE = "sluice.onFailure";

  /** Calls at once at most, 1 to 10000; more wait for {@link #TIMEOUT}. Default 100. */
  public static final String CONCURRENCY = "sluice.concurrency";

  /**
   * Failures in a time that open the circuit breaker, {@code 10/60s} by default, {@code off} for
   * none. An open one is not called for that time and {@link #ON_FAILURE} holds at once; then a
   * single call is tried.
   */
  public static final String BREAKER = "sluice.breaker";

  /** {@code enforce} (default), or {@code shadow}: the verdict is logged and ignored. */
  public static final String MODE = "sluice.mode";

  private FilterProperties() {}
}
