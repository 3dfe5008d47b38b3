"""What Gantry costs and carries on this machine; run by ``script/bench``, never asserted."""
