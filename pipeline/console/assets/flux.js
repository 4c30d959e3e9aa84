// The flags as they come: rows made on the server are put in front of the list,
// the figures take the place of the old ones. While a reader pauses, rows wait.
const list = document.getElementById("alertes");
const figures = document.getElementById("chiffres");
const pause = document.getElementById("pause");
const direct = document.getElementById("direct");
const told = document.getElementById("annonce");
const most = Number(list.dataset.max);
const announceEvery = 5000, retryAfter = 15000;

const address = new URL(list.dataset.flux, location.href);
let source, retry, waiting = null; // an array while paused
let news = 0, urgent = 0, announcing;

const reload = document.getElementById("actualiser");
reload.hidden = true;
pause.hidden = false;
pause.addEventListener("click", () => {
  if (waiting) {
    const rows = waiting;
    waiting = null;
    rows.forEach(put);
  } else {
    waiting = [];
  }
  say();
});
document.addEventListener("visibilitychange", () => { document.hidden ? close() : open(); });
open();

function open() {
  clearTimeout(retry);
  if (source || document.hidden) return;
  source = new EventSource(address);
  source.onopen = say;
  source.onerror = () => {
    const refused = source.readyState === EventSource.CLOSED;
    if (refused) {
      close();
      retry = setTimeout(open, retryAfter);
    }
    say(refused ? "Le flux ne répond pas\u202f; nouvel essai dans quelques secondes." : "Connexion perdue\u202f; nouvel essai.");
  };
  on("alerte", (row) => { count(row); keep(row); });
  on("maj", keep);
  on("liste", (...rows) => {
    for (const row of rows) row.dataset.new = "";
    if (waiting) waiting = rows.reverse();
    else list.replaceChildren(...rows);
  });
  source.addEventListener("chiffres", (e) => {
    address.searchParams.set("apres", e.lastEventId);
    const open = figures.querySelector("details")?.open, focused = figures.querySelector("summary") === document.activeElement;
    figures.innerHTML = e.data;
    figures.querySelector("details").open = open;
    if (focused) figures.querySelector("summary").focus();
  });
}

// on calls do with the rows of an event. Where to go on from is remembered for
// when the page is shown again.
function on(name, act) {
  source.addEventListener(name, (e) => {
    if (e.lastEventId) address.searchParams.set("apres", e.lastEventId);
    const made = document.createElement("template");
    made.innerHTML = e.data;
    act(...made.content.children);
  });
}

function close() {
  source?.close();
  source = undefined;
}

// keep shows a row, or lets it wait.
function keep(row) {
  if (!waiting) return put(row);
  waiting.push(row);
  if (waiting.length > most) waiting.shift();
  say();
}

// put shows a row: in the place of the same one, else in front where it is new.
function put(row) {
  const same = document.getElementById(row.id);
  if (same) {
    const focused = same.contains(document.activeElement);
    same.replaceWith(row);
    if (focused) row.querySelector("a").focus();
  } else if (row.dataset.new !== undefined) {
    list.prepend(row);
  }
  while (list.children.length > most && !list.lastElementChild.contains(document.activeElement)) list.lastElementChild.remove();
}

// count gathers what is announced, a few seconds later and all at once.
function count(row) {
  row.dataset.new = "";
  if (document.getElementById(row.id)) return; // sent again
  news++;
  if (row.dataset.urgent !== undefined) urgent++;
  announcing ??= setTimeout(() => {
    const alerts = news > 1 ? `${news} nouvelles alertes` : "Une nouvelle alerte";
    told.textContent = alerts + (urgent ? `, dont ${urgent} en urgence.` : ".");
    news = urgent = 0;
    announcing = undefined;
  }, announceEvery);
}

// say tells beside the button how it stands. In trouble the page can be loaded
// again, as without script: where a reader is no longer let in, that leads to the
// way in.
function say(trouble) {
  const text = typeof trouble === "string" ? trouble : "";
  pause.textContent = waiting ? "Reprendre" : "Mettre en pause";
  direct.textContent = text || (waiting ? `En pause${waiting.length ? `, ${waiting.length} en attente` : ""}.` : "En direct.");
  reload.hidden = !text;
  if (text) told.textContent = text;
}
