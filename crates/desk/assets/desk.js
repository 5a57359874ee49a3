// Small helps; every screen works without them.
"use strict";
(() => {
  const typing = (e) => e.target.closest("input,textarea,select,[contenteditable]");
  const rows = () => [...document.querySelectorAll("table.rows tbody tr, ol.hits > li, article.card, ol.passages > li")];
  let at = -1, gone = "";
  const go = (by) => {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, at + by));
    all.forEach((row) => row.classList.remove("here"));
    all[at].classList.add("here");
    all[at].scrollIntoView({ block: "nearest" });
    const link = all[at].querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
  };
  const passage = (by) => {
    const marks = [...document.querySelectorAll("article.text mark")];
    if (!marks.length) return;
    const now = marks.findIndex((m) => m === document.activeElement);
    const next = marks[(now + by + marks.length) % marks.length];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    const keys = document.getElementById("keys");
    if (gone === "g") {
      gone = "";
      const to = { t: "/timeline", h: "/", i: "/inbox", a: "/actors", c: "/conflicts", d: "/documents", s: "/stories", l: "/log", b: "/b", w: "/saved" }[e.key];
      if (to) { location.href = to; return; }
    }
    if (e.key === "/") { e.preventDefault(); document.querySelector("input[type=search]").focus(); }
    else if (e.key === "j") go(1);
    else if (e.key === "k") go(-1);
    else if (e.key === "o" && at >= 0) { const a = rows()[at].querySelector("a[href]"); if (a) a.click(); }
    else if (e.key === "[") passage(-1);
    else if (e.key === "]") passage(1);
    else if (e.key === "g") gone = "g";
    else if (e.key === "?" && keys) keys.showModal();
  });
  const cited = document.getElementById("c");
  if (cited) cited.scrollIntoView({ block: "center" });
  const drop = document.getElementById("drop");
  if (drop) {
    const files = drop.querySelector("input[type=file]");
    addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("over"); });
    addEventListener("dragleave", () => drop.classList.remove("over"));
    addEventListener("drop", (e) => {
      e.preventDefault();
      drop.classList.remove("over");
      if (e.dataTransfer.files.length) { files.files = e.dataTransfer.files; drop.submit(); }
    });
  }
})();
