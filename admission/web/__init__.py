"""Pages of admission: each view translates a request into one act, or rows into a page."""
