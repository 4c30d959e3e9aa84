// Live forms: what is typed is sent a moment after the last key, and the answer,
// made on the server, takes the place of the part that data-into names.
const wait = 120;

for (const form of document.querySelectorAll("form[data-live]")) live(form);

function live(form) {
  const into = document.getElementById(form.dataset.into);
  let timer, asking;
  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.live, {
        method: "POST", body: new FormData(form), headers: { "X-Live": "1" }, signal: mine.signal,
      });
      into.innerHTML = await answer.text();
    } catch (failure) {
      if (failure.name === "AbortError") return;
      into.replaceChildren(unreachable(ask));
    }
    into.removeAttribute("aria-busy");
    form.dispatchEvent(new CustomEvent("live:done", { bubbles: true }));
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(ask, wait); };
  form.addEventListener("input", soon);
  form.addEventListener("live:ask", ask);
}

function unreachable(again) {
  const told = document.createElement("p");
  told.className = "alert";
  told.setAttribute("role", "alert");
  told.append("La console ne répond pas\u202f; si votre session est finie, ouvrez-la dans un autre onglet. ");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Réessayer";
  button.addEventListener("click", again);
  told.append(button);
  return told;
}
