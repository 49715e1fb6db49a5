"""Everything of Orbitwatch that touches the network or a terminal."""
