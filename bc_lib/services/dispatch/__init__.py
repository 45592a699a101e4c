"""Which requests get a DAG run, and which DAG runs are ours."""
