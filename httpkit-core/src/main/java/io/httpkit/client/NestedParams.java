package io.httpkit.client;

/**
 * How a list is written among the parameters of a query or a form. {@code Map}s are written {@code
 * a[key]=value} in all styles; brackets are percent-encoded.
 */
public enum NestedParams {
  /** {@code a=1&a=2}, which most servers read, as does this library's. The default. */
  REPEAT,

  /** {@code a=1,2}. A comma within an element is encoded. Elements can be no lists or maps. */
  COMMA_SEPARATED,

  /** {@code a[]=1&a[]=2}, as PHP and Rails read it. */
  ARRAY,

  /** {@code a[0]=1&a[1]=2}. */
  INDEXED;

  /** The name of an element of the list of this name. */
  String element(String name, int index) {
    if (this == ARRAY) {
      return name + "[]";
    }
    return this == INDEXED ? name + "[" + index + "]" : name;
  }
}
