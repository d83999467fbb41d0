"""Where a cluster stands in its life: the life-cycle gauge and the self-assessment."""
