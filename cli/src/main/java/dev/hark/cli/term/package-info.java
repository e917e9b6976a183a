/** Text, JSON and tables: how results and notes reach whoever reads them. */
@NullMarked
package dev.hark.cli.term;

import org.jspecify.annotations.NullMarked;
