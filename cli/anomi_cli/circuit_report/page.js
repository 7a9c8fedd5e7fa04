"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const flame = document.getElementById("flame"), about = document.getElementById("about");
  const measure = document.getElementById("measure");
  if (!data.components) return;
  const number = (value) => value.toLocaleString("en-US");
  const hue = (text) => { let h = 7; for (const c of text) h = (h * 31 + c.codePointAt(0)) % 360; return h; };
  const link = (node, parent) => { node.parent = parent; node.children.forEach((one) => link(one, node)); };
  link(data.components, null);
  let zoom = data.components, current = zoom, shown = new Map();
  const worth = (node) => (measure && measure.value === "written" ? node.written : node.total) || 0;
  const title = (node) => (node.template || node.name) + (node.arguments ? `(${node.arguments})` : "");
  const tell = (node) => {
    const all = worth(data.components) || 1;
    about.replaceChildren();
    const head = document.createElement("div"), b = document.createElement("b"), text = document.createElement("div");
    b.textContent = title(node); b.className = "mono"; head.append(b);
    if (node.instances > 1) head.append(` × ${number(node.instances)}`);
    if (node.file) head.append(`  ${node.file}:${node.line}`);
    text.className = "soft";
    text.textContent = `${number(node.total)} constraints, ${(100 * worth(node) / all).toFixed(1)} % of the circuit; ${number(node.own)} by its own statements`
      + (node.written === null ? "" : `; ${number(node.written)} as written (--O0)`);
    const path = document.createElement("div");
    path.className = "soft mono"; const names = [];
    for (let at = node; at; at = at.parent) names.unshift(at.name);
    path.textContent = names.join(" › ");
    about.append(head, text, path);
  };
  const select = (node, focus) => {
    const old = shown.get(current); if (old) old.tabIndex = -1;
    current = node;
    const now = shown.get(node);
    if (now) { now.tabIndex = 0; if (focus) now.focus(); }
    tell(node);
  };
  const draw = (focus) => {
    flame.replaceChildren(); shown = new Map();
    const width = flame.clientWidth; let depth = 0;
    const put = (node, left, share, row, above) => {
      const pixels = share * width;
      if (pixels < 2) return;
      const box = document.createElement("button");
      box.type = "button"; box.tabIndex = -1;
      box.style.left = `${100 * left}%`; box.style.width = `${100 * share}%`; box.style.top = `${26 * row}px`;
      box.style.setProperty("--hue", hue(node.template || node.name));
      if (above) box.className = "zoomed";
      if (pixels > 34) box.textContent = title(node) + (node.instances > 1 ? ` ×${number(node.instances)}` : "");
      box.setAttribute("aria-label", `${title(node)}, ${number(node.total)} constraints`);
      box.addEventListener("click", () => { zoom = node; select(node); draw(true); });
      box.addEventListener("focus", () => select(node));
      box.addEventListener("mouseenter", () => tell(node));
      flame.append(box); shown.set(node, box); depth = Math.max(depth, row + 1);
      if (above) return;
      let at = left; const whole = worth(node) || 1;
      for (const child of [...node.children].sort((a, b) => worth(b) - worth(a))) {
        const part = share * worth(child) / whole;
        put(child, at, part, row + 1, false); at += part;
      }
    };
    const above = []; for (let at = zoom.parent; at; at = at.parent) above.unshift(at);
    above.forEach((node, row) => put(node, 0, 1, row, true));
    put(zoom, 0, 1, above.length, false);
    flame.style.height = `${26 * depth + 2}px`;
    select(shown.has(current) ? current : zoom, focus);
  };
  flame.addEventListener("mouseleave", () => tell(current));
  flame.addEventListener("keydown", (event) => {
    const around = current.parent ? [...current.parent.children].sort((a, b) => worth(b) - worth(a)).filter((one) => shown.has(one)) : [current];
    const at = around.indexOf(current);
    const below = [...current.children].sort((a, b) => worth(b) - worth(a)).find((one) => shown.has(one));
    const to = { ArrowLeft: around[at - 1], ArrowRight: around[at + 1], ArrowUp: current.parent, ArrowDown: below, Home: data.components }[event.key];
    if (event.key === "Escape") { zoom = zoom.parent || data.components; current = zoom; draw(true); event.preventDefault(); }
    if (to && shown.has(to)) { select(to, true); event.preventDefault(); }
  });
  if (measure) measure.addEventListener("change", () => draw(false));
  let drawn = 0;
  new ResizeObserver(() => {
    if (flame.clientWidth !== drawn) { drawn = flame.clientWidth; requestAnimationFrame(() => draw(false)); }
  }).observe(flame.parentElement);
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      try { await navigator.clipboard.writeText(text); button.textContent = "copied"; }
      catch { getSelection().selectAllChildren(document.getElementById(button.dataset.copy)); button.textContent = "selected: press Ctrl+C"; }
    });
  }
})();
