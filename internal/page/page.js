"use strict";
(() => {
  // Filters hide rows that do not hold the words. Without this script there is no box.
  for (const box of document.querySelectorAll("[data-filter]")) {
    const table = document.getElementById(box.dataset.filter);
    const rows = table.tBodies[0].rows;
    if (rows.length < 8) continue;
    box.closest(".filter").hidden = false;
    const count = box.parentElement.querySelector("output");
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((w) => text.includes(w));
        if (!row.hidden) shown++;
      }
      count.textContent = words.length ? shown + " of " + rows.length : "";
    });
  }

  // A graph is moved by dragging or arrow keys, enlarged by buttons; what a node is joined to
  // stands out while it has the focus or the pointer.
  for (const figure of document.querySelectorAll(".graph")) {
    const pan = figure.querySelector(".pan");
    const svg = pan.querySelector("svg");
    const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
    let scale = 1, from = null;
    figure.querySelector(".tools").hidden = false;
    figure.addEventListener("click", (e) => {
      const by = e.target.dataset && e.target.dataset.zoom;
      if (by === undefined) return;
      scale = Number(by) ? Math.min(Math.max(scale * Number(by), 0.4), 3) : 1;
      svg.setAttribute("width", width * scale);
      svg.setAttribute("height", height * scale);
    });
    pan.addEventListener("pointerdown", (e) => {
      if (e.pointerType !== "mouse" || e.button !== 0 || e.target.closest("a")) return;
      from = { x: e.clientX + pan.scrollLeft, y: e.clientY + pan.scrollTop };
      pan.setPointerCapture(e.pointerId);
    });
    pan.addEventListener("pointermove", (e) => {
      if (!from) return;
      pan.scrollLeft = from.x - e.clientX;
      pan.scrollTop = from.y - e.clientY;
    });
    for (const end of ["pointerup", "pointercancel"]) pan.addEventListener(end, () => { from = null; });
    const light = (node) => {
      svg.classList.toggle("lit", Boolean(node));
      for (const old of svg.querySelectorAll(".on")) old.classList.remove("on");
      if (!node) return;
      node.classList.add("on");
      for (const edge of svg.querySelectorAll(".edges path")) {
        const { from, to } = edge.dataset, me = node.dataset.node;
        if (from !== me && to !== me) continue;
        edge.classList.add("on");
        svg.querySelector('.node[data-node="' + (from === me ? to : from) + '"]').classList.add("on");
      }
    };
    for (const node of svg.querySelectorAll(".node")) {
      node.addEventListener("pointerenter", () => light(node));
      node.addEventListener("pointerleave", () => light(null));
      node.addEventListener("focusin", () => light(node));
      node.addEventListener("focusout", () => light(null));
    }
  }

  // "/" goes to the box for searching.
  document.addEventListener("keydown", (e) => {
    const box = document.getElementById("q");
    if (e.key !== "/" || !box || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input,textarea")) return;
    e.preventDefault();
    box.focus();
    box.select();
  });
})();
