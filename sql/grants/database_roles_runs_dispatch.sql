-- DAG runs are ordered and taken by the runner alone.
GRANT SELECT ON bc.dispatch TO bc_runner, bc_reader, bc_ui;
GRANT INSERT, UPDATE (taken_at) ON bc.dispatch TO bc_runner;
