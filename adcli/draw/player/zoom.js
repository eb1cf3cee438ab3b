/* The size of the picture: fitted, or set by buttons, keys, wheel and fingers. A picture larger than its frame scrolls. */

const PIXELS = 4 / 3; // of a point, the unit of the picture
const LETTER = 12 * PIXELS; // pixels of the letters in a box at full size
const SMALLEST = 6.5; // pixels of letters that can still be read: below, the page starts larger than its frame
const READABLE = 10;

class Zoom {
  /* `changed` is called with whether a part of the picture is out of sight. */
  constructor(holder, changed) {
    Object.assign(this, { holder, changed, scale: 1, isFitted: true });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    addEventListener("resize", () => { if (this.isFitted) this.fit(); else this.set(this.scale); });
    holder.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
      this.by(Math.exp(-Math.max(-60, Math.min(60, event.deltaY * lines)) / 150), event.clientX, event.clientY);
    }, { passive: false });
    this.pinch();
    this.drag();
  }

  /* Show this picture. */
  use(svg) {
    this.svg = svg;
    const { width, height } = svg.viewBox.baseVal;
    Object.assign(this, { width: width * PIXELS, height: height * PIXELS });
    svg.style.setProperty("--natural", `${this.width}px`);
    this.start();
  }

  whole() {
    const frame = this.holder.offsetWidth - 14, most = parseFloat(getComputedStyle(this.holder).maxHeight) - 14;
    return Math.max(0.01, Math.min(1, frame / this.width, most / this.height));
  }

  /* The whole picture, unless nobody could read it: then its end. */
  start() {
    if (this.whole() * LETTER >= SMALLEST) { this.fit(); return; }
    this.set(READABLE / LETTER);
    this.isFitted = false;
  }

  fit() {
    this.set(this.whole());
    this.isFitted = true;
  }

  /* A larger or smaller picture. The place at (x, y) of the window stays where it is. */
  by(factor, x, y) {
    const frame = this.holder.getBoundingClientRect();
    this.set(this.scale * factor, x ?? frame.left + frame.width / 2, y ?? frame.top + frame.height / 2);
    this.isFitted = false;
  }

  set(scale, x, y) {
    const before = this.svg.getBoundingClientRect();
    this.scale = Math.max(Math.min(0.1, this.whole()), Math.min(4, scale));
    this.svg.style.width = `${this.scale * this.width}px`;
    this.svg.style.height = `${this.scale * this.height}px`;
    if (x !== undefined && before.width) {
      const after = this.svg.getBoundingClientRect();
      this.holder.scrollLeft += after.left + (x - before.left) / before.width * after.width - x;
      this.holder.scrollTop += after.top + (y - before.top) / before.height * after.height - y;
    }
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.holder;
    const isPart = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
    this.holder.classList.toggle("movable", isPart);
    this.changed(isPart);
  }

  /* Scroll the picture, and nothing else, to a box. */
  reveal(box) {
    const inner = box.getBoundingClientRect(), outer = this.holder.getBoundingClientRect();
    const isOut = (low, high, from, to) => low < from || high > to;
    const left = isOut(inner.left, inner.right, outer.left, outer.right) ? inner.left - outer.left - (outer.width - inner.width) / 2 : 0;
    const top = isOut(inner.top, inner.bottom, outer.top, outer.bottom) ? inner.top - outer.top - (outer.height - inner.height) / 2 : 0;
    if (left || top) this.move(left, top);
  }

  move(left, top) { this.holder.scrollBy({ left, top, behavior: this.calm.matches ? "auto" : "smooth" }); }

  /* Two fingers. One finger scrolls, as the browser does it. */
  pinch() {
    const spread = ([a, b]) => [Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
    let last = null;
    this.holder.addEventListener("touchstart", (event) => { last = event.touches.length === 2 ? spread(event.touches) : null; }, { passive: true });
    this.holder.addEventListener("touchmove", (event) => {
      if (!last || event.touches.length !== 2) return;
      event.preventDefault();
      const [distance, x, y] = spread(event.touches), [before, oldX, oldY] = last;
      this.holder.scrollLeft -= x - oldX;
      this.holder.scrollTop -= y - oldY;
      if (before > 0 && distance > 0) this.by(distance / before, x, y);
      last = [distance, x, y];
    }, { passive: false });
    for (const end of ["touchend", "touchcancel"]) this.holder.addEventListener(end, () => { last = null; });
  }

  /* The mouse, where a button is held. */
  drag() {
    const stop = () => this.holder.classList.remove("moving");
    this.holder.addEventListener("mousedown", (event) => {
      if (event.button === 0 && this.holder.classList.contains("movable")) this.holder.classList.add("moving");
    });
    addEventListener("mousemove", (event) => {
      if (!this.holder.classList.contains("moving")) return;
      if (!(event.buttons & 1)) { stop(); return; }
      this.holder.scrollLeft -= event.movementX;
      this.holder.scrollTop -= event.movementY;
    });
    addEventListener("mouseup", stop);
  }
}
