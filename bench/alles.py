"""`make bench`: runs every script in this folder; each prints ratios to a baseline measured in the same run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HIER = Path(__file__).resolve().parent

if __name__ == "__main__":
    for script in sorted(HIER.glob("bench_*.py")):
        print(f"== {script.stem}", flush=True)
        subprocess.run([sys.executable, str(script), *sys.argv[1:]], check=True, cwd=HIER.parent)
