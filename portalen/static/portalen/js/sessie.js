// Warns before the session ends and lets the person stay, without leaving the page. Without JavaScript the foot of the
// page states the time. The server's clock counts: the difference with ours is measured when the page comes in.
(function () {
  const dialoog = document.getElementById("sessiedialoog");
  if (!dialoog || !dialoog.showModal) return;
  const tekst = document.getElementById("sessiedialoog-tekst");
  const formulier = dialoog.querySelector("form[method=post]");
  const verschil = Date.parse(dialoog.dataset.nu) - Date.now();
  const vooraf = Number(dialoog.dataset.waarschuwing) * 1000;
  let tot = Date.parse(dialoog.dataset.tot);
  let stand = "";

  // Opens once per stage, so that somebody who closes it can finish the sentence; the text changes each minute.
  function toon(nieuw, regel) {
    if (tekst.textContent !== regel) tekst.textContent = regel;
    if (nieuw === stand) return;
    stand = nieuw;
    if (!dialoog.open) dialoog.showModal();
  }

  function voorbij() {
    formulier.hidden = true;
    toon("voorbij", dialoog.dataset.voorbij);
  }

  function kijk() {
    const over = tot - (Date.now() + verschil);
    if (over <= 0) {
      voorbij();
    } else if (over <= vooraf) {
      const minuten = Math.ceil(over / 60000);
      const regel = minuten === 1 ? dialoog.dataset.minuut : dialoog.dataset.minuten.replace("#", String(minuten));
      toon(minuten === 1 ? "minuut" : "vooraf", regel);
    }
  }

  formulier.addEventListener("submit", function (gebeurtenis) {
    gebeurtenis.preventDefault();
    fetch(formulier.action, {
      method: "POST",
      body: new FormData(formulier),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    })
      .then(function (antwoord) {
        if (!antwoord.ok || antwoord.redirected) throw new Error("uitgelogd");
        return antwoord.json();
      })
      .then(function (gegevens) {
        tot = Date.parse(gegevens.tot);
        stand = "";
        dialoog.close();
      })
      .catch(voorbij);
  });

  kijk();
  setInterval(kijk, 1000);
})();
