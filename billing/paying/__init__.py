"""Money that moves: payments in, payouts, the payment provider and the bank."""
