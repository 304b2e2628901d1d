"""`make bench`: runs every script in this folder; each prints ratios to a baseline measured in the same run.

All of them run; the exit code is 1 when one is above its limit.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HIER = Path(__file__).resolve().parent

if __name__ == "__main__":
    codes = []
    for script in sorted(HIER.glob("bench_*.py")):
        print(f"== {script.stem}", flush=True)
        codes.append(subprocess.run([sys.executable, str(script)], check=False, cwd=HIER.parent).returncode)
    sys.exit(1 if any(codes) else 0)
