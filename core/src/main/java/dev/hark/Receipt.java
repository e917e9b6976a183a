package dev.hark;

/**
 * What publishing returns once Redis has accepted the message.
 *
 * @param id the message's id, unique in its queue
 * @param queue the queue that it was published to
 * @param durability the level that was really reached
 */
public record Receipt(String id, String queue, Durability durability) {}
