"""Diagnosis, vision and results chain of a cluster, with the plan of activities and its budget."""
