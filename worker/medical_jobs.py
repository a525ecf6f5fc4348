"""Jobs that go up through the wall: the one module of the worker that may import `medical`."""
