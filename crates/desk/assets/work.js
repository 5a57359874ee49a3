// The brief editor: @ opens the picker of passages, Ctrl+Enter saves.
(() => {
  const form = document.getElementById("own"), pick = document.getElementById("pick");
  if (!form || !pick) return;
  const words = document.getElementById("pick-words"), list = document.getElementById("pick-list"), none = document.getElementById("pick-none");
  let field = null, timer = 0, asked = 0, dirty = false;
  const put = (mark) => {
    const at = field.selectionStart, text = field.value;
    const gap = at > 0 && !/\s/.test(text[at - 1]) ? " " : "";
    field.setRangeText(gap + mark, at, field.selectionEnd, "end");
    dirty = true;
    pick.close();
    field.focus();
  };
  const look = async () => {
    const mine = ++asked, q = words.value.trim();
    if (!q) { list.replaceChildren(); none.hidden = true; return; }
    const answer = await fetch("/api/v1/passages?limit=12&q=" + encodeURIComponent(q));
    if (mine !== asked) return;
    const items = answer.ok ? (await answer.json()).items : [];
    none.hidden = items.length > 0;
    list.replaceChildren(...items.map((item) => {
      const li = document.createElement("li"), button = document.createElement("button"), about = document.createElement("span");
      button.type = "button";
      button.dir = "auto";
      button.textContent = item.text;
      about.className = "faint";
      about.textContent = " " + [item.title, item.site, item.published].filter(Boolean).join(" · ");
      button.append(about);
      button.addEventListener("click", () => put(item.mark));
      li.append(button);
      return li;
    }));
  };
  words.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
  pick.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp" && !(e.key === "Enter" && e.target === words)) return;
    const all = [...list.querySelectorAll("button")];
    if (!all.length) return;
    e.preventDefault();
    if (e.key === "Enter") { all[0].click(); return; }
    const at = all.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
    (at < 0 ? words : all[Math.min(at, all.length - 1)]).focus();
  });
  document.getElementById("pick-close").addEventListener("click", () => { pick.close(); if (field) field.focus(); });
  form.addEventListener("keydown", (e) => {
    if (e.key === "@" && e.target.tagName === "TEXTAREA") {
      e.preventDefault();
      field = e.target;
      const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
      words.value = chosen;
      pick.showModal();
      words.focus();
      look();
    } else if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      form.requestSubmit(document.getElementById("save"));
    }
  });
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });
})();
// An event: m joins it with another, u parts it; the form opens and takes the focus.
(() => {
  if (!document.getElementById("arrange")) return;
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input,textarea,select")) return;
    const part = { m: "join", u: "part" }[e.key], box = part && document.getElementById(part);
    if (!box) return;
    e.preventDefault();
    box.open = true;
    const first = box.querySelector("input:not([type=hidden])");
    if (first) first.focus();
  });
})();
// News: asked for while the page is looked at, said in a line that moves nothing.
(() => {
  const bar = document.getElementById("live");
  if (!bar || !Number(bar.dataset.since)) return;
  let since = bar.dataset.since, found = 0;
  const nap = (ms) => new Promise((done) => setTimeout(done, ms));
  const seen = () => document.hidden ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true })) : null;
  (async () => {
    for (;;) {
      await seen();
      try {
        const answer = await fetch("/api/v1/live?since=" + since);
        if (!answer.ok) { await nap(30000); continue; }
        const news = await answer.json();
        since = news.next;
        found += news.documents;
        if (news.documents) {
          const link = document.createElement("a");
          link.href = location.pathname + location.search;
          link.textContent = bar.dataset.show;
          bar.replaceChildren(bar.dataset.words + " " + found + " \u2014 ", link);
        }
      } catch { await nap(15000); }
      await nap(300);
    }
  })();
})();
// Lists: s saves the selection.
(() => {
  const keep = document.querySelector("details.keep");
  if (!keep) return;
  addEventListener("keydown", (e) => {
    if (e.key !== "s" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input,textarea,select")) return;
    e.preventDefault();
    keep.open = true;
    keep.querySelector("input[name=name]").focus();
  });
})();
