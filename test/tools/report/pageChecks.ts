/** What is looked at inside of a page. Each function runs in the browser, and must be whole in itself. */

/** The names of all elements, as an XML parser reads them, which forgives nothing; or what it complains of. */
export function elementsAsXml(source: string): string[] {
  const parsed = new DOMParser().parseFromString(source, "application/xml");
  const complaint = parsed.querySelector("parsererror");
  if (complaint !== null) return [`not well-formed: ${complaint.textContent}`];
  return [...parsed.querySelectorAll("*")].map(({ localName }) => localName);
}

export function elementsOfPage(): string[] {
  return [...document.querySelectorAll("*")].map(({ localName }) => localName);
}

/** Lines that the legends promise and the visible drawings do not have, and how many there are. */
export function drawnLines(): { promised: number; missing: string[] } {
  const missing: string[] = [];
  let promised = 0;
  for (const figure of document.querySelectorAll("figure"))
    for (const key of figure.querySelectorAll(".key:not(.band)")) {
      promised++;
      const tone = key.classList[1];
      const lines = [...figure.querySelectorAll<SVGPathElement>(`path[stroke="var(--${tone})"]`)];
      const isDrawn = lines.some((line) => {
        const { width, height } = line.getBoundingClientRect();
        const { stroke, strokeOpacity, opacity } = getComputedStyle(line);
        const isSeen = stroke !== "none" && Number(strokeOpacity) * Number(opacity) > 0.5;
        return isSeen && line.checkVisibility() && width + height > 0 && line.getTotalLength() > 0;
      });
      if (!isDrawn) missing.push(`${figure.closest("article")?.id} ${figure.textContent} ${tone}`);
    }
  return { promised, missing };
}

/** Visible texts with less contrast to what is behind them than WCAG 2.2 (1.4.3) asks for, and how many there are. */
export function contrasts(): { texts: number; weak: string[] } {
  type Rgba = [number, number, number, number];
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parse = (color: string): Rgba => {
    if (canvas === null) throw new Error("no canvas");
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const luminance = ([red, green, blue]: Rgba) => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): Rgba => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color[3] > 0.99) return color;
    }
    return [255, 255, 255, 1];
  };
  const weak: string[] = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent?.trim() || !element?.checkVisibility()) continue;
    if (element.closest("desc, .unseen")) continue;
    texts++;
    const style = getComputedStyle(element);
    const color = element instanceof SVGElement ? style.fill : style.color;
    const [one, other] = [luminance(parse(color)), luminance(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${color}: ${node.textContent.trim()}`);
  }
  return { texts, weak };
}

/** Labels in the drawings, and marks above them, that touch each other or leave their drawing. */
export function collisions(): { labels: number; touching: string[] } {
  const touching: string[] = [];
  let labels = 0;
  const check = (frame: Element, elements: Element[]) => {
    const edge = frame.getBoundingClientRect();
    const boxes = elements.map((element) => ({
      text: element.textContent ?? "",
      box: element.getBoundingClientRect(),
    }));
    labels += boxes.length;
    boxes.forEach(({ text, box }, index) => {
      if (box.left < edge.left - 1 || box.right > edge.right + 1)
        touching.push(`${text} leaves ${frame.getAttribute("aria-label")}`);
      for (const other of boxes.slice(index + 1))
        if (
          box.left < other.box.right - 1 &&
          other.box.left < box.right - 1 &&
          box.top < other.box.bottom - 2 &&
          other.box.top < box.bottom - 2
        )
          touching.push(`${text} touches ${other.text}`);
    });
  };
  for (const frame of document.querySelectorAll("svg, .lane"))
    if (frame.checkVisibility()) check(frame, [...frame.querySelectorAll("text, .mark")]);
  return { labels, touching };
}

/** Visible elements that reach beyond the window's right edge. */
export function beyondTheEdge(): string[] {
  const width = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.checkVisibility() && !element.closest(".unseen, defs"))
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .map((element) => `${element.localName} ${element.textContent?.slice(0, 60)}`);
}

/** What prints: rows of decisions, and drawings of each size. */
export function shown(): {
  rows: number;
  minor: number;
  wide: number;
  narrow: number;
  paper: string;
} {
  const visible = (selector: string) =>
    [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).length;
  return {
    rows: visible(".row"),
    minor: visible(".minor"),
    wide: visible(".wide svg"),
    narrow: visible(".narrow svg"),
    paper: getComputedStyle(document.body).backgroundColor,
  };
}
