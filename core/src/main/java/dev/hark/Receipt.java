package dev.hark;

import java.io.Serializable;

/**
 * What publishing returns once Redis has accepted the message.
 *
 * @param id the message's id, unique in its queue
 * @param queue the queue that it was published to
 * @param durability the level that was really reached: it may be less than was asked for, unless publishing is
 *     {@link Publish#strict strict}, and it may be more
 */
public record Receipt(String id, String queue, Durability durability) implements Serializable {}
