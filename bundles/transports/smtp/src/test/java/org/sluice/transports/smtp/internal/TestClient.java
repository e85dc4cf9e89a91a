package org.sluice.transports.smtp.internal;

/** Small helps for tests. */
final class TestClient {
  private TestClient() {}

  @SuppressWarnings("unchecked")
  static <T> T cast(Object o) {
    return (T) o;
  }
}
