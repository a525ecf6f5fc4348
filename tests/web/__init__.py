"""What a browser, a proxy and a stranger may do with the house."""
