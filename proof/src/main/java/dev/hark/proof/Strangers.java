package dev.hark.proof;

import dev.hark.admin.QueueInfo;
import java.util.Set;

/**
 * What strangers did to their queue.
 *
 * @param info its figures at the end
 * @param dying marks of what must end as dead letters
 * @param parked marks of what must be kept for a newer listener
 * @param entries how many they added, by which sums may be off: some count as published already, some never do
 */
record Strangers(QueueInfo info, Set<String> dying, Set<String> parked, int entries) {}
