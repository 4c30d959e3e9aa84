// The signs in the text itself: a layer behind the text area shows them where the
// last answer places them, and what is typed meanwhile moves them along.
const form = document.getElementById("essai");
const text = document.getElementById("texte");
const layer = document.getElementById("couche");
const file = document.getElementById("fichier");
const panel = document.getElementById("lecture");
const drop = document.getElementById("retirer");
const most = { text: 1 << 20, file: 3 << 20 };

let known = text.value;
let marks = []; // [from, to, class, struck], in order, none overlaps another
let edits = []; // what was typed since the last answer: {revision, at, removed, added}

function typed() {
  const now = text.value;
  if (now === known) return;
  let at = 0;
  const shorter = Math.min(now.length, known.length);
  while (at < shorter && now[at] === known[at]) at++;
  let behind = 0;
  while (behind < shorter - at && now[now.length - 1 - behind] === known[known.length - 1 - behind]) behind++;
  const edit = { revision: ++form.elements.revision.value, at, removed: known.length - at - behind, added: now.length - at - behind };
  known = now;
  edits.push(edit);
  marks = moved(marks, edit);
  paint();
}

// moved are marks after an edit: those it touches go, those behind it move.
function moved(list, { at, removed, added }) {
  const kept = [];
  for (const [from, to, name, struck] of list) {
    if (to <= at) kept.push([from, to, name, struck]);
    else if (from >= at + removed) kept.push([from + added - removed, to + added - removed, name, struck]);
  }
  return kept;
}

function answered() {
  const told = document.getElementById("marques");
  if (!told) { // nothing to read, or an error: its marks are unknown
    marks = [];
    edits = [];
  } else {
    const revision = Number(told.dataset.revision);
    edits = edits.filter((e) => e.revision > revision);
    marks = edits.reduce(moved, JSON.parse(told.dataset.places));
  }
  const summary = told?.dataset.resume ?? "";
  const spoken = document.getElementById("resume");
  if (spoken.textContent !== summary) spoken.textContent = summary;
  paint();
}

function paint() {
  const parts = [];
  let at = 0;
  for (const [from, to, name, struck] of marks) {
    parts.push(known.slice(at, from));
    const mark = document.createElement(struck ? "del" : "mark");
    mark.className = name;
    mark.textContent = known.slice(from, to);
    parts.push(mark);
    at = to;
  }
  parts.push(known.slice(at) + "\n"); // the last line has a height of its own, as in the text area
  layer.replaceChildren(...parts);
  layer.scrollTop = text.scrollTop;
}

// What the server would refuse is not sent.
function tooLarge() {
  if (file.files[0]?.size > most.file) return "Le fichier est trop grand : trois mégaoctets au plus.";
  if (text.value.length > most.text / 3 && new Blob([text.value]).size > most.text) {
    return "Le texte dépasse un mégaoctet : coupez-le.";
  }
  return "";
}

form.addEventListener("input", (event) => {
  typed();
  drop.hidden = file.files.length === 0;
  const why = tooLarge();
  if (!why) return;
  event.stopPropagation();
  const told = document.createElement("p");
  told.className = "alert";
  told.setAttribute("role", "alert");
  told.textContent = why.replace(" :", "\u00a0:");
  panel.replaceChildren(told);
}, true);
form.addEventListener("live:done", answered);
form.addEventListener("submit", () => { drop.disabled = true; });
text.addEventListener("scroll", () => { layer.scrollTop = text.scrollTop; });
new ResizeObserver(() => { layer.scrollTop = text.scrollTop; }).observe(text);

drop.addEventListener("click", () => {
  file.value = "";
  file.dispatchEvent(new Event("input", { bubbles: true }));
  file.focus();
});
const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  document.body.classList.add("depot");
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("depot"); });
document.addEventListener("drop", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  document.body.classList.remove("depot");
  file.files = event.dataTransfer.files;
  file.closest("details").open = true;
  file.dispatchEvent(new Event("input", { bubbles: true }));
});

answered();
// A browser that comes back to the page puts in again what was typed.
if (text.value !== text.defaultValue || file.files.length > 0) form.dispatchEvent(new Event("live:ask"));
