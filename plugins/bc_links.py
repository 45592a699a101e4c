"""A plain link from Airflow's menu to the control plane's own pages."""

from __future__ import annotations

import os
from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin
from bc_gates import RequestLink


class BusinessContinuityLinks(AirflowPlugin):
    """No url_route: a page inside Airflow's frame could not sign people in."""

    name = "bc_links"
    operator_extra_links: ClassVar[list[RequestLink]] = [RequestLink()]
    external_views: ClassVar[list[dict[str, str]]] = [
        {
            "name": "Business Continuity",
            "href": os.environ.get("BC_UI_URL", "http://127.0.0.1:8501"),
            "destination": "nav",
        }
    ]
