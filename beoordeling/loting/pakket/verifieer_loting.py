# type: ignore  # ruff: noqa: B905, C408, E401, E701, I001
# fmt: off
"""Rekent dit lotingspakket na (LOTING-HKDF-SHA256-1, uitleg in LEESMIJ.md). Opdracht: python3 verifieer_loting.py"""
import collections, hashlib, hmac, json, pathlib, sys
def speel(uit, log):  # geeft de stand na de verdeling en na elke mutatie; van[i]: de potten die rij i betaalden
    st, van, kas = ["UIT" if k in uit else "RESERVE" for k in kenmerk], {}, {"*": doc["plafond_cent"], **doc["potten"]}
    for nr, soort, k, x in (regel.split(";") for regel in ["0;;;0", *log]):
        i = kenmerk.index(k) if k in kenmerk else None
        if soort == "VERHOGING": kas[k] += int(x)
        elif soort == "HERSTEL": st[i], van[i] = [(s["status"][k], v.get(i, ())) for s, v in speel(uit - {k}, [])][0]
        elif soort: st[i] = {"INTREKKING": "INGETROKKEN", "UITSLUITING": "UIT", "VERLAGING": int(x)}[soort]
        ruimte = {p: c - sum(s for j, s in enumerate(st) if isinstance(s, int) and p in van[j]) for p, c in kas.items()}
        telt = collections.Counter(g for g, s in zip(groep, st) if isinstance(s, int))  # toekenningen per groep
        for rest, dicht in [(r, set()) for r in sorted({doc["restronde"], doc["restronde"] and soort > ""})]:
            for i in [j for j, s in enumerate(st) if s in ("RESERVE", "GROEP") and not (soort == "HERSTEL" and van[i])]:
                P, vraag, st[i] = "*" if rest or pot[i] == "-" else ["*", *pot[i].split("+")], int(bedrag[i]), "RESERVE"
                if groep[i] != "-" and telt[groep[i]] >= doc["per_groep"]: st[i] = "GROEP"
                elif dicht.isdisjoint(P):
                    dicht |= {p for p in P if ruimte[p] < vraag and doc["regel"] != "SKIP"}
                    if (toe := min(vraag, *map(ruimte.get, P))) == vraag or toe > 0 and doc["regel"] == "DEEL":
                        st[i], van[i], telt[groep[i]] = toe, P, telt[groep[i]] + 1
                        ruimte.update({p: ruimte[p] - toe for p in P})
        yield dict(nr=int(nr), soort=soort, kenmerk=k, bedrag=int(x), status=dict(zip(kenmerk, st)), ruimte=ruimte), van
sys.excepthook = lambda _, fout, __: print(f"Dit pakket is niet na te rekenen: {fout!r}", file=sys.stderr)
M = {p.name: p.read_bytes().decode("latin-1") for p in pathlib.Path(__file__).resolve().parent.iterdir() if p.is_file()}
S = {n: hashlib.sha256(M[n].encode("latin-1")).hexdigest() for n in M if n != "SHA256SUMS"}
anders = {regel[66:].strip() for regel in {f"{S[n]}  {n}\n" for n in S} ^ {*M["SHA256SUMS"].splitlines(True)}}
doc, w, lijst = json.loads(M["protocol.json"]), json.loads(M["bronwaarden.json"]), M["deelnemers.csv"].split()[1:]
waarden = {b["id"]: hashlib.sha256(bytes.fromhex(w[b["id"] + "_handtekening"])).hexdigest() if "ronde" in b
           else w[b["id"]].ljust(b["lengte"], "?")[:b["lengte"]] for b in doc["bronnen"]}
prk = hmac.digest(bytes.fromhex(S["protocol.json"]), "".join(f"{n}={w[n]}\n" for n in waarden).encode(), "sha256")
rij = sorted(hmac.digest(prk, r[:r.index(";")].encode() + b"\1", "sha256").hex() + ";" + r for r in lijst)
rij.sort(key=lambda r: r[r.rindex(";"):], reverse=doc["richting"] == "AF")
lot, kenmerk, bedrag, pot, groep, _ = (vlak[j::6] for vlak in [";".join(rij).split(";")] for j in range(6))
na = [stand for stand, _ in speel({*w.get("uitgesloten", ())}, M.get("mutaties.csv", "").split()[1:])]
regels = [f"{n};{k};{x};{s}\n" for n, (x, (k, s)) in enumerate(zip(lot, na[0]["status"].items()), 1)]
verwacht = {**waarden, "deelnemers_sha256": S["deelnemers.csv"], "ruimte.json": json.dumps(na[0]["ruimte"]),
            "na_mutaties.json": json.dumps(na[1:]), "uitkomst.csv": "plaats;kenmerk;lot;uitkomst\n" + "".join(regels)}
raise SystemExit(f"Dit is anders dan het moet zijn: {', '.join(fout)}" if (fout := [*anders, *(
    n for n in verwacht if verwacht[n] != {**doc, **w, "na_mutaties.json": "[]", **M}.get(n))]) else print("KLOPT"))
