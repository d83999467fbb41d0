"""Pages of selling together: each view asks access, calls one action, and renders."""
