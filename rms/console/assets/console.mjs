// What pages do beyond what a browser does by itself; each of them works without it.

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "true") event.preventDefault();
    form.dataset.sent = "true";
    form.setAttribute("aria-busy", "true");
  });
}

// Who comes back by the browser's history may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// A box that stands for others ticks them; without a script the server does what it says.
for (const box of document.querySelectorAll("input[data-ticks]")) {
  const others = [...box.form.querySelectorAll(`input[name="${box.dataset.ticks}"]`)];
  box.addEventListener("change", () => {
    for (const other of others) other.checked = box.checked;
  });
  for (const other of others)
    other.addEventListener("change", () => {
      box.checked = others.every((one) => one.checked);
    });
}

// Goes to what went wrong.
document.querySelector("main .fault[role='alert']")?.scrollIntoView({ block: "nearest" });
