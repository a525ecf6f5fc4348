"""The demo network: people, providers and cases that do not exist, the same every time."""
