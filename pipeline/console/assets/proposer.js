// Beside the live answer to a term: where it is found, which takes a little
// longer, and the measurement, which takes seconds. Both come as HTML.
const form = document.getElementById("proposition");
const places = document.getElementById("lieux");
const what = document.getElementById("faire");
const list = document.getElementById("dans");

for (const unneeded of form.querySelectorAll(".sans-script")) unneeded.hidden = true;

// What an operation does not need is not shown.
const fit = () => {
  document.getElementById("champ-ancien").hidden = what.value === "add";
  document.getElementById("champ-nouveau").hidden = what.value === "remove";
};
what.addEventListener("change", fit);
fit();

// Another factor has other terms: the page knows them after a round trip.
document.getElementById("facteur").addEventListener("change", () => {
  document.getElementById("termes")?.remove();
});

let seeking;
form.addEventListener("live:done", () => {
  seeking?.abort();
  if (!places) return;
  if (!form.querySelector("#reponse [data-seek]")) return places.replaceChildren();
  seeking = new AbortController();
  fill(places, "/proposer/lieux", seeking.signal);
});

form.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "mesurer") return;
  event.preventDefault();
  measure(event.submitter);
});

async function measure(button) {
  const into = document.getElementById("mesure");
  const waiting = document.createElement("p");
  waiting.className = "empty";
  waiting.textContent = "Mesure en cours : tout le corpus est relu avec le lexique changé…";
  into.replaceChildren(waiting);
  button.disabled = true;
  await fill(into, "/proposer/mesure");
  button.disabled = false;
  into.querySelector("h2")?.focus();
}

async function fill(into, address, signal) {
  into.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { "X-Live": "1" }, signal });
    into.innerHTML = await answer.text();
  } catch (failure) {
    if (failure.name === "AbortError") return;
    const told = document.createElement("p");
    told.className = "alert";
    told.setAttribute("role", "alert");
    told.textContent = "La console ne répond pas. Réessayez.";
    into.replaceChildren(told);
  }
  into.removeAttribute("aria-busy");
}
