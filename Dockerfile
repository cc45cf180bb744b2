# syntax=docker/dockerfile:1
# The product without the stand-in and the embedded databases. It needs a PostgreSQL and a Redis (see compose.yaml).

FROM node:22-slim AS spa
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build


FROM python:3.11-slim AS product
RUN pip install --no-cache-dir "uv>=0.13.9,<0.14"
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/opt/jobtally \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /src
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY LICENSE README.md ./
COPY api/ api/
COPY migrations/ migrations/
COPY --from=spa /src/frontend/dist/ frontend/dist/
RUN uv sync --frozen --no-dev --no-editable


FROM python:3.11-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Jobtally" \
      org.opencontainers.image.description="The accounting bridge for trades businesses" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/jobtally --shell /usr/sbin/nologin jobtally
COPY --from=product /opt/jobtally /opt/jobtally
# The product writes only to /tmp and the data directory, so the root file system may be read-only.
ENV PATH="/opt/jobtally/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    JOBTALLY_ENV=production \
    JOBTALLY_DATA_DIR=/var/lib/jobtally \
    JOBTALLY_HOST=0.0.0.0 \
    JOBTALLY_PORT=8080
WORKDIR /var/lib/jobtally
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"JOBTALLY_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["jobtally"]
CMD ["serve"]
