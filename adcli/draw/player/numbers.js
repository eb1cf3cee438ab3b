/* Numbers: spelled as adcli spells them, and read from constant expressions such as 2*pi or sqrt(2). */

/* The shortest text that reads back to the same float64, or so many significant digits. There is no -0. */
function spell(x, digits) {
  if (typeof x !== "number") return String(x);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  const [mantissa, power] = (digits ? x.toExponential(digits - 1) : x.toExponential()).split("e");
  const sign = x < 0 ? "-" : "", exponent = Number(power);
  const figures = mantissa.replace(/[-.]/g, "").replace(/0+$/, "");
  if (exponent < -4 || exponent >= (digits || 16)) {
    const head = figures[0] + (figures.length > 1 ? "." + figures.slice(1) : "");
    return `${sign}${head}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, "0"), rest = figures.slice(exponent + 1);
  return sign + whole + (rest && "." + rest);
}

const CONSTANTS = new Map(Object.entries({ pi: Math.PI, "π": Math.PI, tau: 2 * Math.PI, e: Math.E, inf: Infinity, nan: NaN }));
const OPERATORS = { // how tightly each binds, and what it computes
  "+": [1, (a, b) => a + b], "-": [1, (a, b) => a - b],
  "*": [2, (a, b) => a * b], "/": [2, (a, b) => a / b],
  "%": [2, (a, b) => { const rest = a % b; return rest && (rest < 0) !== (b < 0) ? rest + b : rest; }],
  "^": [4, (a, b) => a ** b],
};
const SIGN = 3; // binds more loosely than a power and more tightly than a product
const UNARY = ["abs", "sqrt", "cbrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan",
  "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc", "sign"];
const FUNCTIONS = new Map([ // name -> function and the numbers of arguments it takes
  ...UNARY.map((name) => [name, [Math[name], 1, 1]]),
  ["ln", [Math.log, 1, 1]], ["exp2", [(x) => 2 ** x, 1, 1]], ["exp10", [(x) => 10 ** x, 1, 1]],
  ["log", [(x, base) => base === undefined ? Math.log(x) : base === 2 ? Math.log2(x) : base === 10 ? Math.log10(x)
    : Math.log(x) / Math.log(base), 1, 2]],
  ["rad2deg", [(x) => x * 180 / Math.PI, 1, 1]], ["deg2rad", [(x) => x * Math.PI / 180, 1, 1]],
  ["atan2", [Math.atan2, 2, 2]], ["hypot", [Math.hypot, 2, 2]], ["pow", [Math.pow, 2, 2]],
  ["min", [Math.min, 1, Infinity]], ["max", [Math.max, 1, Infinity]],
]);
const TOKEN = /\s*(?:(\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?|\.\d[\d_]*(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|.))/iuy;
const SPELLINGS = { "**": "^", "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/" };

/* The value of a constant expression, or an Error that says what is wrong with it. Nothing is run as a script. */
function readNumber(source) {
  const words = source.trim(), reader = new Reader();
  if (words === "") throw new Error("it is empty: write a number or an expression such as pi/4");
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(words);
  if (special) return special[2] ? (special[1] === "-" ? -Infinity : Infinity) : NaN;
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < words.length && (match = TOKEN.exec(words));) {
    const [whole, number, name, other] = match;
    if (number || name || other === "(") reader.multiply(whole, number, name);
    if (number) reader.number(number);
    else if (name) reader.name(name);
    else reader.sign(SPELLINGS[other] ?? other);
  }
  return reader.end();
}

/* Two stacks, so that no text is nested too deeply: values, and the operators and parentheses that wait for theirs. */
class Reader {
  values = [];
  waiting = [];
  callee = null; // the function whose parenthesis comes next
  isOperand = true; // whether a value is expected next, and not an operator
  wasNumber = false;

  fail(message) { throw new Error(message); }

  /* A product without a sign, before a name or a parenthesis: 2pi and 3(1 + 2), but neither 1/2pi nor 2 pi. */
  multiply(word, number, name) {
    if (this.isOperand) return;
    const before = this.waiting.at(-1)?.sign;
    if (this.wasNumber && name === "e") this.fail("the exponent is missing, as in 1e-3");
    if (!this.wasNumber || number || /^\s/.test(word)) this.fail(`an operator is missing before '${word.trim()}'`);
    if (["/", "%", "^"].includes(before)) this.fail(`what is after '${before}' can be read in two ways: write '*' and parentheses`);
    this.infix("*");
  }

  number(word) {
    const value = Number(word.replaceAll("_", ""));
    if (!Number.isFinite(value)) this.fail(`'${word}' is beyond the largest number, 1.8e+308: write inf`);
    this.value(value);
    this.wasNumber = true;
  }

  name(word) {
    this.expectCall();
    if (CONSTANTS.has(word)) this.value(CONSTANTS.get(word));
    else if (FUNCTIONS.has(word)) this.callee = word;
    else this.fail(`'${word}' has no value here: write numbers, pi, e, tau, inf, + - * / % ^ and functions such as sqrt`);
  }

  sign(sign) {
    if (sign !== "(") this.expectCall();
    this.wasNumber = false;
    const open = this.waiting.findLast((each) => each.binding === 0);
    const isEmptyCall = open?.callee && open === this.waiting.at(-1) && open.from === this.values.length;
    if (sign === "(") {
      this.waiting.push({ binding: 0, callee: this.callee, from: this.values.length });
      this.callee = null;
    } else if (this.isOperand && (sign === "-" || sign === "+")) {
      this.waiting.push({ binding: SIGN, compute: sign === "-" ? (x) => -x : (x) => x, sign });
    } else if (!this.isOperand && sign in OPERATORS) {
      this.infix(sign);
    } else if (!this.isOperand && sign === "°") {
      this.values.push(this.values.pop() * Math.PI / 180);
    } else if (open && sign === ")" && (!this.isOperand || isEmptyCall)) {
      this.close();
    } else if (open?.callee && sign === "," && !this.isOperand) {
      this.reduce(1);
      this.isOperand = true;
    } else {
      this.fail(`'${sign}' is unexpected${sign === "," ? ": write '.' for the decimal point, as in 1.5" : ""}`);
    }
  }

  value(x) {
    this.expectCall();
    this.values.push(x);
    this.isOperand = this.wasNumber = false;
  }

  infix(sign) {
    const [binding, compute] = OPERATORS[sign];
    this.reduce(sign === "^" ? binding + 1 : binding);
    this.waiting.push({ binding, compute, sign });
    this.isOperand = true;
  }

  /* Apply the operators that wait and bind at least as tightly. */
  reduce(binding) {
    while (this.waiting.length && this.waiting.at(-1).binding >= binding) {
      const { compute } = this.waiting.pop(), right = this.values.pop();
      this.values.push(compute.length === 1 ? compute(right) : compute(this.values.pop(), right));
    }
  }

  close() {
    this.reduce(1);
    const { callee, from } = this.waiting.pop();
    this.isOperand = false;
    if (!callee) return;
    const [compute, least, most] = FUNCTIONS.get(callee), given = this.values.splice(from);
    const counts = most === Infinity ? `at least ${least}` : least === most ? least : `${least} or ${most}`;
    if (given.length < least || given.length > most) {
      this.fail(`${callee} takes ${counts} argument${most === 1 ? "" : "s"}, not ${given.length}`);
    }
    this.values.push(compute(...given));
  }

  expectCall() { if (this.callee) this.fail(`'(' is missing after '${this.callee}'`); }

  end() {
    this.expectCall();
    if (this.isOperand) this.fail("it ends too early: a number is missing at the end");
    this.reduce(1);
    if (this.waiting.length) this.fail("')' is missing at the end");
    if (Number.isNaN(this.values[0])) this.fail("it has no value: write nan if that is meant");
    return this.values[0];
  }
}
