package org.sluice.transports.smtp.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Just enough JSON for the vector files: maps, lists, strings, longs, booleans. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object parse(String text) {
    return new Json(text).value();
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private Object value() {
    switch (peek()) {
      case '{':
        Map<String, Object> map = new LinkedHashMap<>();
        for (at++; peek() != '}'; comma()) {
          String key = string();
          peek();
          at++;
          map.put(key, value());
        }
        at++;
        return map;
      case '[':
        List<Object> list = new ArrayList<>();
        for (at++; peek() != ']'; comma()) {
          list.add(value());
        }
        at++;
        return list;
      case '"':
        return string();
      default:
        int from = at;
        while (",]} \n".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        String word = text.substring(from, at);
        return word.equals("true") ? Boolean.TRUE : (Object) Long.valueOf(word);
    }
  }

  private void comma() {
    if (peek() == ',') {
      at++;
    }
  }

  private String string() {
    peek();
    var out = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        c = text.charAt(++at);
        int plain = "nrtbf".indexOf(c);
        if (plain >= 0) {
          c = "\n\r\t\b\f".charAt(plain);
        } else if (c == 'u') {
          c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
          at += 4;
        }
      }
      out.append(c);
    }
    at++;
    return out.toString();
  }
}
