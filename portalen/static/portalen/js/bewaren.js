/* Keeps what is being typed: every change goes to the server as typed, while the page itself is saved by its button.
   Computes nothing and decides nothing; without this script the form works with its own save button. */
(() => {
  "use strict";
  const formulier = document.querySelector("form[data-klad]");
  if (!formulier) return;

  const teksten = JSON.parse(formulier.dataset.teksten);
  const stand = formulier.querySelector("[data-bewaarstand]");
  const aanwezig = formulier.querySelector("[data-aanwezig]");
  const berekening = formulier.querySelector("[data-berekening]");
  const geheel = "geheel" in formulier.dataset;
  const NIET = new Set(["csrfmiddlewaretoken", "versie", "basis", "pagina", "terug", "overnemen"]);
  const PAUZE = 800, HARTSLAG = 45000, LANGST = 30000, KEEPALIVE = 60000;

  let vuil = new Set(), onderweg = new Set(), bezig = false, wachter = 0, fouten = 0, nr = 0, pagina = "", klaar = false, gestopt = false;

  /* Logging in again in another tab gives a new token in the cookie; the one in this page is refused from then on. */
  function token() {
    const naam = formulier.dataset.koekje.replace(/[^\w-]/g, "");
    const gevonden = document.cookie.match("(?:^|; )" + naam + "=([^;]*)");
    return gevonden ? gevonden[1] : formulier.elements.csrfmiddlewaretoken.value;
  }
  const zeg = (plek, tekst) => { if (plek && plek.textContent !== tekst) plek.textContent = tekst; };

  function nieuwePagina() {
    const getallen = crypto.getRandomValues(new Uint32Array(3));
    pagina = Array.from(getallen, (getal) => getal.toString(36)).join("-");
    nr = 0;
    formulier.elements.pagina.value = pagina;
  }

  /* What belongs together goes together: the three boxes of a date, all boxes of one question, a whole budget. */
  function namenBij(element) {
    const kader = geheel ? formulier : element.closest(".utrecht-form-field") || element;
    const leden = kader.matches("[name]") ? [kader] : kader.querySelectorAll("[name]");
    return Array.from(leden).filter((lid) => bewaarbaar(lid)).map((lid) => lid.name);
  }
  const bewaarbaar = (lid) => lid.name && !NIET.has(lid.name) && !["file", "submit", "button"].includes(lid.type);

  function vraag(namen, extra) {
    const gegevens = new FormData(formulier), velden = {};
    for (const naam of namen) velden[naam] = gegevens.getAll(naam).map(String);
    nr += 1;
    const body = JSON.stringify({ velden, basis: formulier.elements.basis.value, pagina, nr });
    return fetch(formulier.dataset.klad, {
      method: "POST", body, credentials: "same-origin", keepalive: extra && body.length < KEEPALIVE,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    });
  }

  function plan(na) {
    clearTimeout(wachter);
    if (!klaar && !gestopt) wachter = setTimeout(stuur, na);
  }

  async function stuur() {
    if (bezig || klaar || gestopt) return;
    bezig = true;
    onderweg = vuil;
    vuil = new Set();
    try {
      const antwoord = await vraag(onderweg, false);
      const soort = antwoord.headers.get("Content-Type") || "";
      const uit = soort.includes("json") ? await antwoord.json() : {};
      if (antwoord.ok) gelukt(uit);
      else mislukt(antwoord.status, uit);
    } catch (fout) {
      mislukt(0, {});
    } finally {
      bezig = false;
      onderweg = new Set();
      if (vuil.size && !fouten) plan(PAUZE);
    }
  }

  function gelukt(uit) {
    fouten = 0;
    if (uit.tekst) zeg(stand, uit.tekst);
    if ("aanwezig" in uit) zeg(aanwezig, uit.aanwezig);
    if (berekening && uit.berekening) berekening.innerHTML = uit.berekening;
  }

  function mislukt(status, uit) {
    for (const naam of onderweg) vuil.add(naam);
    fouten += 1;
    if (status === 401) {
      zeg(stand, teksten.uitgelogd + " ");
      const link = document.createElement("a");
      link.href = uit.inloggen; link.target = "_blank"; link.rel = "noopener"; link.className = "utrecht-link";
      link.textContent = teksten.inloggen;
      stand.append(link);
    } else if (status === 409 || status === 404 || status === 410) {
      gestopt = true;
      zeg(stand, (uit.tekst || "") + " " + teksten.weg);
      return;
    } else if (status === 400 || status === 413) {
      zeg(stand, uit.tekst || teksten.te_groot);
      return;
    } else {
      zeg(stand, uit.tekst || teksten.mislukt);
    }
    plan(Math.min(LANGST, 1000 * 2 ** Math.min(fouten, 5)));
  }

  function getypt(gebeurtenis, na) {
    if (!gebeurtenis.target.closest || !bewaarbaar(gebeurtenis.target)) return;
    for (const naam of namenBij(gebeurtenis.target)) vuil.add(naam);
    fouten = 0;
    plan(na);
  }

  /* The page goes away: one last request that outlives it, with what is still under way, in its newest form.
     The server takes the requests of a page in their order and none after the page itself was saved. */
  function weggaan() {
    const mee = new Set([...vuil, ...onderweg]);
    if (klaar || gestopt || !mee.size) return;
    vuil = new Set();
    const terug = () => { for (const naam of mee) vuil.add(naam); };
    vraag(mee, true).then((antwoord) => { if (!antwoord.ok) terug(); }, terug);
  }

  formulier.addEventListener("input", (g) => getypt(g, PAUZE));
  formulier.addEventListener("change", (g) => getypt(g, 50));
  formulier.addEventListener("submit", () => {
    weggaan();
    klaar = true;
    clearTimeout(wachter);
    formulier.elements.csrfmiddlewaretoken.value = token();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") weggaan();
    else if (vuil.size) plan(50);
  });
  window.addEventListener("pagehide", weggaan);
  window.addEventListener("online", () => { if (vuil.size) plan(50); });
  window.addEventListener("focus", () => { if (vuil.size) plan(50); });
  window.addEventListener("pageshow", (g) => {
    if (g.persisted) { klaar = false; gestopt = false; nieuwePagina(); stuur(); }
  });

  nieuwePagina();
  stuur();
  setInterval(() => { if (document.visibilityState === "visible" && !vuil.size) stuur(); }, HARTSLAG);
})();
