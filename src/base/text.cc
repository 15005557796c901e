// base: text.
