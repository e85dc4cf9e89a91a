package org.sluice.itest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.Field;

/**
 * A bounce as a MIME parser reads it, taken apart by qmail's own format (spec 10 section 8.4).
 *
 * @param fields of its header, the last of each name
 * @param type its MIME type
 * @param intro first paragraph of the body
 * @param failed second: the recipient and why
 * @param breakLine what announces the original
 * @param original the message that failed, with its Return-Path field
 */
record Bounce(
    Map<String, String> fields,
    String type,
    String intro,
    String failed,
    String breakLine,
    String original) {
  static Bounce parse(String message) throws IOException {
    var fields = new HashMap<String, String>();
    var body = new StringBuilder();
    var type = new StringBuilder();
    var parser = new MimeStreamParser();
    parser.setContentHandler(
        new AbstractContentHandler() {
          @Override
          public void field(Field field) {
            fields.put(field.getName(), field.getBody().strip());
          }

          @Override
          public void body(BodyDescriptor descriptor, InputStream in) throws IOException {
            type.append(descriptor.getMimeType());
            body.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
          }
        });
    try {
      parser.parse(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (MimeException e) {
      throw new AssertionError("no MIME parser can read this bounce: " + message, e);
    }
    String[] paragraphs = body.toString().split("\n\n", 4);
    if (paragraphs.length < 4) {
      throw new AssertionError("parts of the bounce are missing: " + message);
    }
    return new Bounce(
        fields, type.toString(), paragraphs[0], paragraphs[1], paragraphs[2], paragraphs[3]);
  }
}
