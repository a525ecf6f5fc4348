"""Pages of the network manager: who is in the network, and what is offered there."""
