-- DAG runs are ordered and taken by the runner alone.
GRANT SELECT ON bc.dispatch TO bc_runner, bc_reader, bc_ui;
GRANT INSERT, UPDATE (taken_at, closed_at) ON bc.dispatch TO bc_runner;

-- Whatever process of Airflow runs our code may say that a task died or was changed; the runner passes it on.
GRANT EXECUTE ON FUNCTION bc.report_airflow(text, text, text, text, text, text, bigint)
    TO bc_reader, bc_poller, bc_keeper, bc_runner;
GRANT UPDATE (told_at, person) ON bc.airflow_report TO bc_runner;
