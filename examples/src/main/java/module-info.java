/** Examples, as a named module: what is published as JSON lies in a package that is open to the JSON library. */
module dev.hark.examples {
    requires dev.hark;

    opens dev.hark.examples to
            tools.jackson.databind;
}
