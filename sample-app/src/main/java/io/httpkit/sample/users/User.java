package io.httpkit.sample.users;

/** A user as it is stored and shown. */
record User(long id, String name, String email) {}
