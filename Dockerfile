# Packages are installed in one stage and run in another, so no build tool stays in the image. It runs as the user `bot`.
ARG PYTHON_IMAGE=python:3.13.9-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /app
RUN python3 -m venv /app/.venv
COPY requirements.lock ./
RUN /app/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN /app/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
    && /app/.venv/bin/python -m compileall -q /app

FROM ${PYTHON_IMAGE}
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BOT_HOST=0.0.0.0 BOT_PORT=8080 BOT_DATA_DIR=/data
RUN groupadd --system --gid 10001 bot && useradd --system --uid 10001 --gid bot --home-dir /data bot \
    && install -d -o bot -g bot -m 700 /data
COPY --from=build /app /app
USER bot
VOLUME /data
EXPOSE 8080
# The start period covers a first start: on a large database a new version's migrations take a while.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"BOT_PORT\"]}/healthz', timeout=2)"]
ENTRYPOINT ["policybot"]
CMD ["up"]
