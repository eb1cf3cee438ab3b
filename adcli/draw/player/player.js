/* The page: inputs, steps, the picture, the list of steps and the node that is looked at. */

const graph = JSON.parse(document.getElementById("graph").textContent);
const element = (id) => document.getElementById(id);
const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
const name = (id) => nodes.get(id).name;
const defined = (id) => name(id) + (nodes.get(id).formula ? " = " + nodes.get(id).formula : "");
const steps = () => 1 + graph.nodes.length + state.passes.length;
const isAtEnd = () => at >= steps() - 1;
const isUndefined = () => Number.isNaN(state.values.get(chosen.id)) || Boolean(chosen.undefined); // no derivatives then
const short = (x) => spell(x, graph.digits);
const factor = (x) => spell(x).startsWith("-") ? `(${spell(x)})` : spell(x); // 2·(-0.5)
const put = (holder, text) => { if (holder.textContent !== text) holder.textContent = text; }; // else a large page is laid out anew
const bar = (id) => name(id) + "\u0304";
const local = (use) => `∂${name(use.source)}/∂${name(use.target)}`;
let chosen = graph.results[graph.first];
let state = { values: new Map(), passes: [], locals: [], marks: new Map() };
let at = 0, timer = null, drawn = null, rows = [];

const zoom = new Zoom(element("picture"), (isPart) => {
  element("scale").textContent = `${Math.round(100 * zoom.scale)} %`;
  element("more").textContent = isPart ? "A part of the picture is out of sight: scroll or drag it, or fit it (0)." : "";
});

/* Inputs. */
const computes = typeof adcli === "function"; // of arrays the page holds one point
const fields = computes ? graph.inputs.map((input) => {
  const label = document.createElement("label"), field = document.createElement("input");
  label.append(input.name + " =", field);
  Object.assign(field, { name: input.name, value: input.value, autocomplete: "off", spellcheck: false, type: "text" });
  field.setAttribute("autocapitalize", "off");
  field.addEventListener("input", compute);
  element("inputs").append(label);
  return field;
}) : [];
if (!computes) {
  for (const input of graph.inputs) {
    const shown = document.createElement("span"), title = document.createElement("b");
    shown.className = "fixed";
    title.textContent = input.name + " = ";
    shown.append(title, input.value);
    element("inputs").append(shown);
  }
  const note = document.createElement("span");
  note.className = "fixed note";
  note.textContent = graph.inputs.length ? "(fixed: a page of arrays shows the point it was drawn at)" : "";
  element("inputs").append(note);
}
if (graph.results.length > 1) {
  const label = document.createElement("label"), choice = document.createElement("select");
  choice.id = "of";
  for (const result of graph.results) choice.add(new Option(result.name));
  choice.selectedIndex = graph.first;
  choice.addEventListener("change", () => { chosen = graph.results[choice.selectedIndex]; compute(); show(steps() - 1); });
  label.append("backward from", choice);
  element("inputs").append(label);
}
element("inputs").addEventListener("submit", (event) => event.preventDefault());

function compute() {
  const problems = [], inputs = fields.map((field) => {
    let value, wrong = null;
    try { value = readNumber(field.value); } catch (error) { wrong = error.message; }
    field.setAttribute("aria-invalid", String(wrong !== null));
    if (wrong !== null) field.setAttribute("aria-describedby", "problem"); else field.removeAttribute("aria-describedby");
    if (wrong !== null) problems.push(`${field.name}: ${wrong}`);
    return value;
  });
  document.querySelector("main").classList.toggle("stale", problems.length > 0);
  element("problem").textContent = problems.length ? [...problems, "The numbers below belong to the inputs before."].join("\n") : "";
  if (problems.length) return;
  const isLast = at > 0 && at === steps() - 1;
  state = runPasses(graph, chosen, inputs);
  list();
  show(isLast ? steps() - 1 : at);
}

/* The adjoints after the first `count` contributions; a result that is nan has no derivatives. */
function adjointsAfter(count) {
  const adjoints = new Map();
  // An input that is the result has no passes.
  if ((isAtEnd() || at > graph.nodes.length) && nodes.get(chosen.id).moves) adjoints.set(chosen.id, 1);
  for (const use of state.passes.slice(0, count)) if (use.arrives || adjoints.has(use.target)) adjoints.set(use.target, use.total);
  if (isAtEnd()) {
    const live = chosen.live && new Set(chosen.live);
    for (const node of graph.nodes) {
      if (node.moves && !adjoints.has(node.id) && (!node.formula || !live || live.has(node.id))) adjoints.set(node.id, 0);
    }
    if (isUndefined()) for (const id of adjoints.keys()) adjoints.set(id, chosen.undefined?.[id] ?? NaN);
  }
  return adjoints;
}

/* Go to a step: forward through the nodes, then back through the contributions. */
function show(step) {
  at = Math.max(0, Math.min(step, steps() - 1));
  const forward = Math.min(at, graph.nodes.length), backward = Math.max(0, at - graph.nodes.length);
  const known = new Set(graph.nodes.slice(0, forward).map((node) => node.id));
  const now = backward ? state.passes[backward - 1].target : forward ? graph.nodes[forward - 1].id : null;
  showBoxes(known, backward, now);
  showArrows(known, backward);
  element("marks").replaceChildren(...[...state.marks].filter(([id]) => known.has(id)).map(([id, mark]) => {
    const item = document.createElement("li");
    item.textContent = `${mark[0]} in ${defined(id)} — ${mark[1]}`;
    return item;
  }));
  element("status").textContent = at === 0 ? "start" : backward ? `backward pass, step ${backward} of ${state.passes.length}`
    : `forward pass, step ${forward} of ${graph.nodes.length}`;
  showRows();
  if (now !== null) detail(now);
}

/* Text in an element, with a line over every name that a combining macron follows: few fonts have one over digits. */
function write(holder, words) {
  holder.replaceChildren(...words.split(/([\p{L}\p{N}\p{M}_]+\u0304)/u).map((part, i) => {
    if (i % 2 === 0) return document.createTextNode(part);
    const over = document.createElement("span");
    over.className = "bar";
    over.textContent = part.slice(0, -1);
    over.setAttribute("role", "img");
    over.setAttribute("aria-label", "adjoint of " + over.textContent);
    return over;
  }));
}

/* List the steps with their numbers. Rows that say the same as before stay. */
function list() {
  const lines = graph.nodes.map((node) => [defined(node.id), spell(state.values.get(node.id))]);
  for (const use of state.passes) {
    const what = !use.arrives ? "0" : use.partial === null ? `pull(${bar(use.source)})` : `${bar(use.source)}·${local(use)}`;
    lines.push([`${bar(use.target)} += ${what}`, spell(use.total)]);
  }
  const before = rows;
  rows = lines.map(([what, number], i) => {
    const { row, value } = before[i]?.what === what ? before[i] : newRow(what, i);
    value.className = number.includes(" ") ? "" : "number";
    return { what, row, value, number };
  });
  if (rows.length !== before.length || rows.some(({ row }, i) => row !== before[i].row)) {
    element("steps").replaceChildren(...rows.map(({ row }) => row));
  }
}

function newRow(what, i) {
  const row = document.createElement("tr"), cell = row.insertCell();
  write(cell, what);
  row.addEventListener("click", () => { stop(); show(i + 1); });
  return { row, value: row.insertCell() };
}

function showRows() {
  rows.forEach(({ row, value, number }, i) => {
    const look = i + 1 === at ? "now" : i < at ? "" : "later";
    if (row.className !== look) row.className = look;
    if (i + 1 === at) row.setAttribute("aria-current", "step"); else row.removeAttribute("aria-current");
    put(value, i < at ? number : "");
  });
  const holder = element("steps").parentElement, current = rows[at - 1]?.row;
  holder.scrollTop = current ? current.offsetTop - holder.clientHeight / 2 : 0;
}

/* What is known of a node: its numbers, what was added to its adjoint, and its rules. */
function detail(id) {
  const { name: own } = nodes.get(id), done = Math.max(0, at - graph.nodes.length), adjoint = adjointsAfter(done).get(id);
  const lines = [defined(id), "value    " + spell(state.values.get(id))];
  const reason = isAtEnd() && isUndefined() ? ` (${name(chosen.id)} is nan)` : "";
  if (adjoint !== undefined) lines.push("adjoint  " + spell(adjoint) + reason);
  if (state.marks.has(id)) lines.push(`${state.marks.get(id)[0].padEnd(8)} ${state.marks.get(id)[1]}`);
  for (const use of state.passes.slice(0, done).filter((each) => each.target === id)) {
    lines.push(!use.arrives ? `  + 0: ${name(use.source)} does not pick ${own}`
      : use.partial === null ? `  + ${bar(use.source)} pulled back = ${spell(use.term)}`
      : `  + ${bar(use.source)}·${local(use)} = ${factor(use.from)}·${factor(use.partial)} = ${spell(use.term)}`);
  }
  for (const use of graph.uses.filter((each) => each.source === id)) {
    lines.push(use.slope === null ? `rule     ${bar(id)} is pulled back to ${name(use.target)}` : `rule     ${local(use)} = ${use.slope}`);
  }
  write(element("detail"), lines.join("\n"));
}

/* The help says what the arrows show. */
for (const part of document.querySelectorAll(".flow")) part.hidden = !graph.flow;
if (graph.flow) {
  for (const side of ["rise", "fall", "undefined"]) {
    const { style } = document.querySelector(`.legend .${side}`);
    style.setProperty("--light", graph.flow.light[side]);
    style.setProperty("--dark", graph.flow.dark[side]);
  }
  element("measure").textContent = graph.flow.measure === "relative"
    ? "How much the result changes along the arrow if the number at its tail changes by 1 %, compared with the other arrows."
    : "What the arrow adds to the adjoint at its tail, compared with the arrows from the same box.";
}

/* Buttons and keys. */
const stop = () => { clearInterval(timer); timer = null; element("play").textContent = "play"; };
const play = () => {
  if (timer) { stop(); return; }
  if (at >= steps() - 1) show(0);
  element("play").textContent = "pause";
  timer = setInterval(() => { if (at >= steps() - 1) stop(); else show(at + 1); }, 700);
};
const goTo = (step) => { stop(); show(step()); };
const actions = {
  first: () => goTo(() => 0), back: () => goTo(() => at - 1), next: () => goTo(() => at + 1), last: () => goTo(() => steps() - 1), play,
  smaller: () => zoom.by(1 / 1.25), larger: () => zoom.by(1.25), fit: () => zoom.fit(), ask: () => element("help").showModal(),
};
for (const [id, action] of Object.entries(actions)) element(id).addEventListener("click", action);
element("partials").checked = graph.partials;
element("partials").disabled = element("partials-label").hidden = !element("labelled").content.querySelector("svg");
element("partials").addEventListener("change", () => { draw(element("partials").checked); show(at); });
const KEYS = {
  ArrowRight: actions.next, ArrowLeft: actions.back, Home: actions.first, End: actions.last, " ": play,
  "+": actions.larger, "=": actions.larger, "-": actions.smaller, "0": actions.fit, "?": actions.ask,
  l: () => { if (!element("partials").disabled) element("partials").click(); },
};
const SIDES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
document.addEventListener("keydown", (event) => {
  const isTyped = event.target.matches?.("#inputs input, select") || element("help").open;
  if (isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.matches?.("button, input")) return; // it presses that
  const side = event.shiftKey && SIDES[event.key];
  const action = side ? () => zoom.move(120 * side[0], 120 * side[1]) : KEYS[event.key.toLowerCase()] ?? KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

draw(graph.partials);
compute();
show(steps() - 1);
