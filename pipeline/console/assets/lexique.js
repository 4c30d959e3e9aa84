// The list follows the filters; a term's details come when they are opened; what
// the server still works out comes when it is done.
const live = { headers: { "X-Live": "1" } };

const filters = document.getElementById("filtres");
if (filters) {
  const into = document.getElementById("liste");
  let timer, asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    // The address takes the filters alone: what is looked for may be somebody's words.
    const all = new FormData(filters);
    const wanted = new URLSearchParams([...all].filter(([name, value]) => name !== "q" && value !== ""));
    const address = "/lexique" + (wanted.size ? "?" + wanted : "");
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/lexique/liste", { ...live, method: "POST", body: all, signal: asking.signal });
      into.innerHTML = await answer.text();
      history.replaceState(null, "", address);
    } catch (failure) {
      if (failure.name === "AbortError") return;
      failed(into, ask);
    }
    into.removeAttribute("aria-busy");
    studied();
  };
  // Warnings and examples are worked out when the first page is asked for.
  const studied = () => { if (into.querySelector("[data-study]")) { clearTimeout(timer); timer = setTimeout(ask, 2000); } };
  studied();
  filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  filters.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); ask(); });
}

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!details.open || !details.dataset?.more) return;
  const address = details.dataset.more;
  delete details.dataset.more;
  const into = document.createElement("div");
  details.querySelector("p").replaceWith(into);
  load(into, address);
}, true);

for (const waiting of document.querySelectorAll("[data-wait]")) load(waiting, waiting.dataset.wait);

async function load(into, address) {
  into.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, live);
    into.innerHTML = await answer.text();
  } catch {
    failed(into, () => load(into, address));
  }
  into.removeAttribute("aria-busy");
}

function failed(into, again) {
  const told = document.createElement("p");
  told.className = "alert";
  told.setAttribute("role", "alert");
  told.append("La console ne répond pas. ");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Réessayer";
  button.addEventListener("click", again);
  told.append(button);
  into.replaceChildren(told);
}
