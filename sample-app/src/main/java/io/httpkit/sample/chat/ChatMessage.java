package io.httpkit.sample.chat;

/**
 * What somebody said.
 *
 * @param number counts the messages from 1 on
 */
record ChatMessage(long number, String user, String text) {}
