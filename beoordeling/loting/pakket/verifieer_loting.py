"""Rekent dit lotingspakket na (LOTING-HKDF-SHA256-1, uitleg in LEESMIJ.md). Opdracht: python3 verifieer_loting.py"""
import collections, hashlib, hmac, json, pathlib, sys
def speel(uit, log):  # geeft de stand na de verdeling en na elke mutatie; van[i]: de potten die rij i betaalden
    st, van, kas = ["UIT" if k in uit else "RESERVE" for k in kenmerk], {}, {"*": doc["plafond_cent"], **doc["potten"]}
    for nr, soort, k, x in (regel.split(";") for regel in ["0;;;0", *log]):
        if soort == "VERHOGING": kas[k] += int(x)
        elif soort: i = kenmerk.index(k); st[i] = {"INTREKKING": "INGETROKKEN", "UITSLUITING": "UIT"}.get(soort, int(x))
        if soort == "HERSTEL": st[i], van[i] = [(s["status"][i], v.get(i, ())) for s, v in speel(uit - {k}, [])][0]
        ruimte = {p: c - sum(st[j] for j in van if isinstance(st[j], int) and p in van[j]) for p, c in kas.items()}
        telt = collections.Counter(groep[j] for j in van if isinstance(st[j], int))  # toekenningen per groep
        for rest in sorted({doc["restronde"], doc["restronde"] and soort > ""}):
            open_ = {s: "*" if rest or s == "-" else ["*", *s.split("+")] for s in set(pot)}  # zonder dichte pot
            for i in [j for j, s in enumerate(st) if s in ("RESERVE", "GROEP") and not (soort == "HERSTEL" and van[i])]:
                st[i] = "GROEP" if groep[i] != "-" and telt[groep[i]] >= doc["per_groep"] else "RESERVE"
                if st[i] == "GROEP" or not (P := open_.get(pot[i])): continue
                if (toe := min(vraag := int(bedrag[i]), *map(ruimte.get, P))) < vraag and doc["regel"] != "SKIP":
                    open_ = {s: Q for s, Q in open_.items() if not any(p in P and ruimte[p] < vraag for p in Q)}
                if toe == vraag or toe > 0 and doc["regel"] == "DEEL":
                    st[i], van[i] = toe, P; telt[groep[i]] += 1; ruimte |= {p: ruimte[p] - toe for p in P}
        stand = dict(zip(kenmerk, st)) if soort else st[:]  # de verdeling zelf: een lijst, in volgorde van het lot
        yield dict(nr=int(nr), soort=soort, kenmerk=k, bedrag=int(x), status=stand, ruimte=ruimte), van
sys.excepthook = lambda _, fout, __: print(f"Dit pakket is niet na te rekenen: {fout!r}", file=sys.stderr)
M = {p.name: p.read_bytes() for p in pathlib.Path(__file__).resolve().parent.iterdir() if p.is_file()}
S = {n: hashlib.sha256(M[n]).hexdigest() for n in M if n != "SHA256SUMS"}
anders = {regel[66:].strip() for regel in {f"{S[n]}  {n}\n" for n in S} ^ {*M["SHA256SUMS"].decode().splitlines(True)}}
doc, w, D = json.loads(M["protocol.json"]), json.loads(M["bronwaarden.json"]), M["deelnemers.csv"].decode()
waarden = {b["id"]: hashlib.sha256(bytes.fromhex(w[b["id"] + "_handtekening"])).hexdigest() if "ronde" in b
           else w[b["id"]].ljust(b["lengte"], "?")[:b["lengte"]] for b in doc["bronnen"]}
prk = hmac.digest(bytes.fromhex(S["protocol.json"]), "".join(f"{n}={w[n]}\n" for n in waarden).encode(), "sha256")
binnen, buiten = (hashlib.sha256(bytes(b ^ x for b in prk.ljust(64, b"\0"))) for x in (0x36, 0x5C))  # HMAC, RFC 2104
rij = sorted([b.hexdigest() + ";" + r for r in D.split()[1:] if not ((a := binnen.copy()).update(  # geeft niets terug
    r[:r.index(";")].encode() + b"\1") or (b := buiten.copy()).update(a.digest()))])
if D.count(D[D.rindex(";"):]) < len(rij): rij.sort(key=lambda r: r[r.rindex(";"):], reverse=doc["richting"] == "AF")
lot, kenmerk, bedrag, pot, groep, _ = (vlak[j::6] for vlak in [";".join(rij).split(";")] for j in range(6))
na = [stand for stand, _ in speel({*w.get("uitgesloten", ())}, M.get("mutaties.csv", b"").decode().split()[1:])]
regels = "".join(f"{n};{k};{x};{s}\n" for n, k, x, s in zip(range(1, 10**9), kenmerk, lot, na[0]["status"])).encode()
verwacht = {**waarden, "deelnemers_sha256": S["deelnemers.csv"], "ruimte.json": json.dumps(na[0]["ruimte"]).encode(),
            "na_mutaties.json": json.dumps(na[1:]).encode(), "uitkomst.csv": b"plaats;kenmerk;lot;uitkomst\n" + regels}
raise SystemExit(f"Dit is anders dan het moet zijn: {', '.join(fout)}" if (fout := [*anders, *(
    n for n in verwacht if verwacht[n] != {**doc, **w, "na_mutaties.json": b"[]", **M}.get(n))]) else print("KLOPT"))
