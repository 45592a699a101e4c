# The image of docker-compose.yml: every process of ours, as an ordinary user, packages by hash.
FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/app
WORKDIR /app
COPY requirements/celery.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/celery.txt \
 && useradd --system --create-home bc \
 && install -d -o bc -g bc /var/lib/bc /var/lib/bc/airflow /var/lib/bc/logs
COPY bc_lib bc_lib
COPY sql sql
COPY dags dags
COPY plugins plugins
COPY streamlit_app streamlit_app
COPY .streamlit .streamlit
USER bc
VOLUME /var/lib/bc
