/** One runnable class for each feature. Each takes the URL of a Redis as its argument, and ends by itself. */
package dev.hark.examples;
