"""Pages for whoever comes by: nobody has to be signed in, and nothing of anybody stands on them."""
