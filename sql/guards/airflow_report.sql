-- The only way in which Airflow's own processes say something: the API server, which the network reaches, and the DAG
-- processor hold the right to call this and to read, nothing else. What is said decides nothing.
CREATE OR REPLACE FUNCTION bc.report_airflow(
    kind text, dag text, run_id text, task text, said text, person text DEFAULT '', event bigint DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM bc.airflow_report r WHERE r.told_at < bc.now() - interval '90 days';
    -- A flood is not kept: what is told already says that something is wrong.
    IF (SELECT count(*) >= 1000 FROM bc.airflow_report r WHERE r.told_at IS NULL) THEN
        RETURN;
    END IF;
    INSERT INTO bc.airflow_report (kind, dag, run_id, task, said, person, event)
    VALUES (report_airflow.kind, left(report_airflow.dag, 250), left(report_airflow.run_id, 250),
            left(report_airflow.task, 250), left(report_airflow.said, 500), left(report_airflow.person, 250),
            report_airflow.event)
    ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION bc.report_airflow(text, text, text, text, text, text, bigint) FROM PUBLIC;
