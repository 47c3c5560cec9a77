# The app in the browser, from this checkout: docker build -t parity . && docker run -p 127.0.0.1:8050:8050 parity
FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY docs docs
RUN python -m venv /opt/parity \
    && /opt/parity/bin/pip install --no-cache-dir --constraint constraints.txt '.[web]'

FROM python:3.11-slim
COPY --from=build /opt/parity /opt/parity
RUN useradd --system --create-home --uid 10001 parity
USER 10001
WORKDIR /home/parity
ENV PATH=/opt/parity/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8050/healthz', timeout=4)"]
CMD ["parity", "serve", "--host", "0.0.0.0", "--port", "8050", "--workers", "2"]
