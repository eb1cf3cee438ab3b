/* The passes over the graph at the numbers of the inputs: values, local derivatives, contributions and marks. */

/* What the page shows for a result. A formula of arrays is shown at its point, which the data holds. */
function runPasses(graph, chosen, inputs) {
  if (typeof adcli !== "function") {
    return {
      values: new Map(graph.nodes.map((node) => [node.id, node.value])),
      locals: graph.uses.map((use) => ({ ...use, use })),
      passes: chosen.terms.map((term) => ({ ...term, flow: term.flow?.map(Number), use: graph.uses[term.use] })),
      marks: new Map(graph.nodes.filter((node) => node.mark).map((node) => [node.id, node.mark])),
    };
  }
  const results = adcli(...inputs), count = graph.nodes.length, uses = graph.uses.length;
  const values = new Map(graph.nodes.map((node, i) => [node.id, results[i]]));
  const locals = graph.uses.map((use, i) => ({ ...use, use, partial: results[count + i], picked: results[count + uses + i] !== false }));
  const adjoints = new Map([[chosen.id, 1]]);
  const passes = locals.map((use) => {
    const from = adjoints.get(use.source), arrives = from !== undefined && use.picked;
    if (arrives) {
      const term = use.partial * from, before = adjoints.get(use.target);
      adjoints.set(use.target, before === undefined ? term : before + term);
    }
    const term = arrives ? use.partial * from : 0, undefinedOr = Number.isNaN(values.get(chosen.id)) ? NaN : term;
    const flow = arrives ? flowOf(undefinedOr, values.get(use.target), graph.flow?.measure) : null;
    return { ...use, arrives, from, term, flow, total: adjoints.get(use.target) ?? 0 };
  }).filter((use) => use.from !== undefined); // a user that nobody picked has nothing to hand on
  const holds = results.slice(count + 2 * uses), markers = new Marker(graph, values, locals, (place) => Boolean(holds[place]));
  return { values, locals, passes, marks: new Map(graph.ends.flatMap((end) => [...markers.of(end)])) };
}

/* How much of the derivative goes along an arrow, and its sign: the term, or a finite term times the size of the value. */
function flowOf(term, value, measure) {
  const part = measure === "relative" && term && !isInfinite(term) ? term * Math.abs(value) : term;
  return [Math.abs(part), part];
}

/* The width and the colours of an arrow, as in a picture. `most` is the largest flow. */
function flowLook([size, net], most, style) {
  const share = most ? Math.min(size / most, 1) : Number(size > 0), oneSided = Number.isFinite(size) && size ? Math.abs(net) / size : 1;
  const isUndefined = Number.isNaN(size) || Number.isNaN(net);
  const depth = oneSided * (style.palest + (1 - style.palest) * Math.sqrt(share));
  const colour = ({ neutral, rise, fall, undefined: broken }) => isUndefined ? broken : net ? mix(neutral, net > 0 ? rise : fall, depth) : neutral;
  const width = isUndefined ? 2 * style.thinnest : style.thinnest + (style.thickest - style.thinnest) * share;
  return { "--width": width.toFixed(2), "--light": colour(style.light), "--dark": colour(style.dark) };
}

/* A colour between two, of six hexadecimal digits. */
function mix(ground, colour, depth) {
  return "#" + [1, 3, 5].map((i) => {
    const [low, high] = [ground, colour].map((each) => parseInt(each.slice(i, i + 2), 16));
    return Math.round(low + (high - low) * depth).toString(16).padStart(2, "0");
  }).join("");
}

/* Of what breaks the value or the derivatives of a result: node -> kind and message, as the notes of the command line. */
class Marker {
  constructor(graph, values, locals, holds) {
    Object.assign(this, { graph, values, locals, holds, nodes: new Map(graph.nodes.map((node) => [node.id, node])) });
  }

  op(id) { return this.nodes.get(id)?.arguments ? this.nodes.get(id) : null; }
  picks(node, i) { return node.picks[i] === null || this.holds(node.picks[i]); }
  where(node) {
    return [...new Set(node.arguments)].filter((id) => this.nodes.has(id))
      .map((id) => `${this.nodes.get(id).name} = ${spell(this.values.get(id))}`).join(", ");
  }

  of(end) { return Number.isNaN(this.values.get(end)) ? this.undefinedFrom(end) : this.brokenBelow(end); }

  /* Go down to the node that made a nan of numbers. */
  undefinedFrom(end) {
    for (let id = end; ;) {
      const node = this.op(id);
      if (!node) return new Map([[id, ["domain", "the value given is not a number"]]]);
      let below = [...node.arguments.keys()].filter((i) => Number.isNaN(this.values.get(node.arguments[i])));
      if (!node.variadic && below.some((i) => this.picks(node, i))) below = below.filter((i) => this.picks(node, i));
      if (below.length) { id = node.arguments[below[0]]; continue; }
      return new Map([[id, node.domain && !this.holds(node.domain.holds)
        ? ["domain", `${this.where(node)}: outside ${node.domain.text}`]
        : ["indeterminate", `it has no value at ${this.where(node)}`]]]);
    }
  }

  brokenBelow(end) {
    const marks = new Map(), active = new Set([end]), moving = new Set(this.nodes.get(end).moves ? [end] : []);
    for (const { id } of [...this.graph.nodes].reverse()) {
      const node = this.op(id);
      if (!node || !active.has(id)) continue;
      node.arguments.forEach((argument, i) => {
        if (!this.picks(node, i)) return;
        active.add(argument);
        if (moving.has(id) && this.locals.some((use) => use.source === id && use.target === argument)) moving.add(argument);
      });
      const mark = node.condition ? null : this.mark(node, moving.has(id));
      if (mark) marks.set(id, mark);
    }
    if (isInfinite(this.values.get(end)) && ![...marks.values()].some(([kind]) => kind === "pole" || kind === "overflow")) {
      marks.set(end, ["overflow", "infinite, as an input is"]);
    }
    return marks;
  }

  mark(node, moves) {
    const value = this.values.get(node.id), kinks = node.kinks.filter((kink) => this.holds(kink.when)), where = this.where(node);
    if (isInfinite(value) && node.finite && node.arguments.every((id) => !this.values.has(id) || Number.isFinite(this.values.get(id)))) {
      const pole = kinks.find((kink) => kink.kind === "pole");
      return pole ? ["pole", `${pole.says} (${where}); the value is ${spell(value)}`] : ["overflow", `beyond the largest float64 (${where})`];
    }
    let mark = null;
    for (const kink of moves ? kinks.filter((each) => each.matters) : []) {
      if (kink.kind === "kink" || kink.kind === "jump") mark = [kink.kind, `at ${where}: ${kink.says}`];
      else if (kink.kind === "pole" && Number.isFinite(value)
        && this.locals.some((use) => use.source === node.id && isInfinite(use.partial))) mark = ["pole", `infinite slope at ${where}`];
    }
    return mark;
  }
}

const isInfinite = (x) => x === Infinity || x === -Infinity;
