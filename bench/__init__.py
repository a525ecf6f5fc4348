"""Speed and size, as ratios within one run: these machines are shared, so a bare number tells little."""
