"""The child process: reads a file of a stranger on standard input, within limits that the system guards (F11).

``python -m kern.keuring.kind keur SOORT`` writes ``{"soort": …}`` or ``{"oorzaak": …}``;
``… bladzijden`` writes ``{"bladzijden": n}``; ``… bladzijde N`` writes a PNG.
Whatever goes wrong here ends this process and nothing else. It gets no environment and no open connections.
"""

from __future__ import annotations

import json
import resource
import sys

from kern.keuring.grenzen import KIND_CPU_SECONDEN, KIND_GEHEUGEN, VOORBEELD_BREED, VOORBEELD_HOOG, Geweigerd


def _begrens() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (KIND_GEHEUGEN, KIND_GEHEUGEN))
    resource.setrlimit(resource.RLIMIT_CPU, (KIND_CPU_SECONDEN, KIND_CPU_SECONDEN))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no files
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def _keur(inhoud: bytes, soort: str) -> str:
    if soort == "pdf":
        from kern.keuring import pdfregels

        pdfregels.keuren(inhoud)
        return soort
    if soort in {"png", "jpg"}:
        from kern.keuring import beeldregels

        beeldregels.keuren(inhoud, soort)
        return soort
    from kern.keuring import kantoor

    return kantoor.soort_van(inhoud)


def _antwoord(opdracht: str, argumenten: list[str], inhoud: bytes) -> bytes:
    if opdracht == "bladzijde":
        from kern.keuring import pdfregels

        return pdfregels.afbeelding(inhoud, int(argumenten[0]), VOORBEELD_BREED, VOORBEELD_HOOG)
    if opdracht == "bladzijden":
        from kern.keuring import pdfregels

        return json.dumps({"bladzijden": pdfregels.bladzijden(inhoud)}).encode()
    try:
        return json.dumps({"soort": _keur(inhoud, argumenten[0])}).encode()
    except Geweigerd as fout:
        return json.dumps({"oorzaak": fout.oorzaak, "detail": fout.detail}).encode()
    except (MemoryError, RecursionError):
        return json.dumps({"oorzaak": "te-zwaar", "detail": "geheugen"}).encode()


if __name__ == "__main__":
    _begrens()
    sys.stdout.buffer.write(_antwoord(sys.argv[1], sys.argv[2:], sys.stdin.buffer.read()))
