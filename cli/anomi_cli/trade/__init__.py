"""What the commands of a trade share: the market they are at, the steps they show and take, how amounts are written."""
