package dev.hark.cli.term;

/** Whether a person sits at the other end. */
public interface Terminal {

    /** No terminal. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean input() {
            return false;
        }

        @Override
        public int width() {
            return 0;
        }

        @Override
        public int columns() {
            return 0;
        }
    };

    /** Whether stdin is typed by hand. */
    boolean input();

    /** The columns of the terminal that shows stderr; 0 if it goes elsewhere. */
    int width();

    /** The columns of the terminal that shows stdout; 0 if it goes elsewhere. */
    int columns();
}
