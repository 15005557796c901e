// base: text_time.
