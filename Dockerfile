# The image holds no step of its own: it installs with the Makefile and starts with the command line,
# and CI runs both the same way (`make production-check`).
FROM python:3.13 AS build
WORKDIR /source
COPY . .
RUN make production PYTHON=python3 VENV=/opt/qazaq-house

FROM python:3.13-slim
COPY --from=build /opt/qazaq-house /opt/qazaq-house
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin qazaq \
    && install --directory --owner=10001 --mode=0700 /data
USER 10001
ENV PATH=/opt/qazaq-house/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["qazaq-house", "health"]
CMD ["qazaq-house", "start"]
