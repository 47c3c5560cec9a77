"""Write the golden files anew: ``python -m tests.golden [NAME...]``."""

from __future__ import annotations

import os
import sys
import time

from tests.golden.cases import CASES, FOLDER, faces, said

os.environ["PARITY_DATA"] = "no-updated-data"
FOLDER.mkdir(exist_ok=True)
only = set(sys.argv[1:])
if unknown := only - {case.name for case in CASES}:
    sys.exit(f"no question {', '.join(sorted(unknown))}")
written = set()
for case, face in faces():
    path = FOLDER / f"{case.name}.{face}"
    written.add(path)
    if only and case.name not in only:
        continue
    start = time.process_time()
    path.write_text(said(case, face), encoding="utf-8")
    if "PARITY_TIMES" in os.environ:
        print(f"{time.process_time() - start:6.1f} s  {path.stat().st_size:7d}  {path.name}", flush=True)
for path in FOLDER.iterdir():
    if path not in written:
        path.unlink()
