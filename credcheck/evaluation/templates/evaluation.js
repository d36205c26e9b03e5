// Shows the sentences that fit the chosen statuses and language; without it all are shown.
document.querySelectorAll("form[data-list]").forEach((form) => {
  const items = document.querySelectorAll("#" + form.dataset.list + " > li");
  const told = form.querySelector("output");
  form.hidden = false;
  const filter = () => {
    let shown = 0;
    items.forEach((item) => {
      item.hidden = [...form.querySelectorAll("select")].some(
        (select) => select.value && item.dataset[select.name] !== select.value);
      if (!item.hidden) shown += 1;
    });
    told.textContent = shown + " shown";
  };
  form.addEventListener("change", filter);
  filter();
});
