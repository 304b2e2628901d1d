// Keeps the time until a draw up to date. The server wrote it in the page and that is what remains without JavaScript.
// The server's clock counts: the difference with ours is measured when the page comes in.
(function () {
  document.querySelectorAll("[data-aftellen]").forEach(function (plek) {
    const verschil = Date.parse(plek.dataset.nu) - Date.now();
    const tot = Date.parse(plek.dataset.aftellen);

    function deel(n, een, meer) {
      return n ? (n === 1 ? een : meer).replace("#", String(n)) : "";
    }

    function toon() {
      const minuten = Math.ceil((tot - Date.now() - verschil) / 60000);
      if (minuten <= 0) {
        plek.textContent = plek.dataset.voorbij;
        clearInterval(klok);
        return;
      }
      const delen = [
        deel(Math.floor(minuten / 1440), plek.dataset.dag, plek.dataset.dagen),
        deel(Math.floor((minuten % 1440) / 60), plek.dataset.uur, plek.dataset.uur),
        deel(minuten % 60, plek.dataset.minuut, plek.dataset.minuten),
      ].filter(Boolean);
      const laatste = delen.pop();
      const tekst = delen.length ? delen.join(", ") + " " + plek.dataset.en + " " + laatste : laatste;
      if (plek.textContent !== tekst) plek.textContent = tekst;
    }

    const klok = setInterval(toon, 1000);
    toon();
  });
})();
