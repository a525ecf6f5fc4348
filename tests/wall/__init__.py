"""The wall, attacked: what an open role can fetch, find in SQL, or tell from two worlds."""
