
"use strict";
(() => {
  const form = document.querySelector("form");
  const articles = [...document.querySelectorAll("article")];
  const sections = [...document.querySelectorAll("main section")];
  const rules = form.elements.rule;
  for (const rule of [...new Set(articles.map((article) => article.dataset.rule))].sort()) {
    rules.add(new Option(rule, rule));
  }
  const texts = new Map(articles.map((article) => [article, (article.closest("section").dataset.path + " " + article.textContent).toLowerCase()]));
  const apply = () => {
    const wanted = new Set(new FormData(form).getAll("severity"));
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const article of articles) {
      const text = texts.get(article);
      const show = wanted.has(article.dataset.severity)
        && (rules.value === "" || rules.value === article.dataset.rule)
        && (form.elements.suppressed.checked || article.dataset.suppressed === undefined)
        && words.every((word) => text.includes(word));
      article.hidden = !show;
      shown += show ? 1 : 0;
    }
    for (const section of sections) section.hidden = section.querySelector("article:not([hidden])") === null;
    form.querySelector("output").textContent = `${shown} of ${articles.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
