/* The picture: its boxes and arrows, and what they show at a step. */

/* The parts of a picture that change: node -> boxes with their texts, use -> arrow. An input may have several boxes. */
function readPicture(svg) {
  const boxes = new Map(), arrows = new Map();
  for (const box of svg.querySelectorAll("g.node")) {
    const title = box.querySelector("title"), key = Number(title.textContent.slice(1)), id = graph.copies[key] ?? key;
    box.dataset.key = key;
    box.querySelector("a")?.removeAttribute("xlink:title");
    if (!nodes.has(id)) { title.remove(); continue; }
    title.textContent = defined(id);
    const texts = [...box.querySelectorAll("text")], frame = box.getBBox();
    const last = (start) => texts.at(-1).textContent.startsWith(start) ? texts.pop() : null;
    const share = last("this use adds "), adjoint = last("adjoint "), value = texts.pop();
    for (const text of [value, adjoint, share]) text?.classList.add("number");
    if (share) share.textContent = "";
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "text"); // above the box: kink, pole …
    mark.setAttribute("class", "mark");
    mark.setAttribute("x", frame.x + frame.width / 2);
    mark.setAttribute("y", frame.y - 3.5);
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "img");
    for (const event of ["mouseenter", "focus", "click"]) box.addEventListener(event, () => detail(id));
    boxes.set(id, [...(boxes.get(id) ?? []), { key, box, value, adjoint, share, mark }]);
  }
  for (const use of graph.uses) {
    const arrow = use.edge && svg.querySelector(`#edge${use.edge}`), label = arrow?.querySelector("text");
    label?.classList.add("number");
    const head = arrow?.querySelector("polygon"), tip = head?.points[1];
    if (head) head.style.transformOrigin = `${tip.x}px ${tip.y}px`;
    if (arrow) arrows.set(use, { arrow, label, isShared: Boolean(label?.textContent.includes(":")) });
  }
  for (const title of svg.querySelectorAll("g.edge > title, :scope > title, :scope > desc")) title.remove(); // no tooltips of keys
  return { svg, boxes, arrows };
}

/* With local derivatives there is room for them beside the arrows: another picture. */
const pictures = new Map();
function draw(partials) {
  const other = element("labelled").content.querySelector("svg");
  if (!pictures.has(partials)) pictures.set(partials, other && partials !== graph.partials ? other : element("picture").querySelector("svg"));
  const picture = pictures.get(partials);
  element("picture").replaceChildren(picture.svg ?? picture);
  if (!picture.svg) pictures.set(partials, readPicture(picture));
  drawn = pictures.get(partials);
  zoom.use(drawn.svg);
  document.querySelector("main").classList.toggle("wide", zoom.width > 1.3 * zoom.height && zoom.width > 700);
}

function showBoxes(known, backward, now) {
  const adjoints = adjointsAfter(backward), terms = new Map(); // of the inputs that are drawn once per use
  for (const pass of state.passes.slice(0, backward)) if (pass.arrives) terms.set(pass.use.box, pass.term);
  for (const [id, copies] of drawn.boxes) {
    const mark = known.has(id) ? state.marks.get(id) : undefined, number = known.has(id) ? short(state.values.get(id)) : "";
    const slope = adjoints.has(id) ? short(adjoints.get(id)) : "";
    for (const each of copies) {
      put(each.value, number && `value ${number}`);
      if (each.adjoint) put(each.adjoint, slope && `adjoint ${slope}`);
      if (each.share) put(each.share, terms.has(each.key) || at === steps() - 1 ? `this use adds ${short(terms.get(each.key) ?? 0)}` : "");
      each.box.classList.toggle("marked", Boolean(mark));
      each.box.classList.toggle("now", id === now);
      const words = [defined(id), number && `value ${number}`, each.adjoint && slope && `adjoint ${slope}`, mark?.[0]];
      each.box.setAttribute("aria-label", words.filter(Boolean).join(", "));
      put(each.mark, mark?.[0] ?? "");
      if (!mark) each.mark.remove(); else if (!each.mark.isConnected) each.box.append(each.mark);
    }
  }
  if (drawn.boxes.has(now)) zoom.reveal(drawn.boxes.get(now)[0].box);
}

/* An arrow has its local derivative once its head is computed, and its width and colour once it has added its term. */
function showArrows(known, backward) {
  const done = new Map(state.passes.slice(0, backward).filter((pass) => pass.arrives).map((pass) => [pass.use, pass]));
  const sizes = state.passes.map((pass) => pass.flow?.[0] ?? 0).filter(Number.isFinite), most = Math.max(0, ...sizes);
  for (const { use, partial, picked } of state.locals) {
    const { arrow, label, isShared } = drawn.arrows.get(use) ?? {}, isKnown = known.has(use.source), pass = done.get(use);
    if (!arrow) continue;
    arrow.classList.toggle("off", isKnown && picked === false);
    const look = graph.flow && pass?.flow ? flowLook(pass.flow, most, graph.flow) : { "--width": "", "--light": "", "--dark": "" };
    const style = Object.entries(look).map(([property, value]) => value && `${property}: ${value};`).join("");
    if (style !== (arrow.getAttribute("style") ?? "")) arrow.setAttribute("style", style);
    arrow.classList.toggle("undefined", Boolean(pass?.flow) && Number.isNaN(pass.flow[0]));
    const slope = isKnown && picked !== false && partial !== null ? "×" + short(partial) : "";
    if (label) put(label, [slope, isShared && pass ? signed(short(pass.term)) : ""].filter(Boolean).join(": "));
  }
}

const signed = (text) => /^(-|0$|nan$|\[)/.test(text) ? text : "+" + text;
