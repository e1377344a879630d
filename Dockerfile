FROM node:22-slim AS assets
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    KLA_VAR=/var/lib/kla \
    KLA_BIND=0.0.0.0 \
    PORT=8000

WORKDIR /site
# s3: with what backups in a bucket need; engines: that, and the clients of Redis and RabbitMQ.
ARG KLA_REQUIREMENTS=base
COPY requirements/base.txt requirements/s3.txt requirements/engines.txt requirements/
RUN pip install --require-hashes -r "requirements/${KLA_REQUIREMENTS}.txt"

# No shell, no password; the number is fixed so that volumes keep their owner.
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin kla \
    && install -d -o kla -g kla -m 0700 /var/lib/kla /var/lib/kla/media

COPY . .
COPY --from=assets /site/node_modules node_modules
# Any key will do here: nothing is signed while collecting. The assets stay root's, read-only.
RUN pybabel -q compile -d locale -D django \
    && KLA_LOCAL=1 SECRET_KEY=collecting KLA_VAR=/tmp/kla KLA_STATIC=/site/collected \
    python manage.py collectstatic --noinput -v0 \
    && python -m compileall -q kla public api actionsheets monitoring actionplan nomenclature plans regulations meetings taskforce facilities childdata territories registers assessments imports clusters cities figures outbox jobs trail workbooks texts backups \
    && rm -rf /tmp/kla
ENV KLA_STATIC=/site/collected

# By number, so that a host or an orchestrator sees that it is not root.
USER 10001:10001
VOLUME ["/var/lib/kla"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "docker/healthcheck.py"]
ENTRYPOINT ["docker/entrypoint.sh"]
CMD ["gunicorn", "kla.wsgi"]
