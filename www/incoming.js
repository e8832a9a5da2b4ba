// What a visitor drops, pastes or chooses, from the first moment on: it is kept until the program takes it, so nothing is lost while that
// loads, and no dropped file opens in the page's place. The program alone decides what becomes of it (web/src/app/incoming); boot.mjs
// says meanwhile that it is kept. A script of the old kind in the head, because modules wait for the whole page.
//
// A parcel: { way, files, folders, link, text }. `way`: dropped, pasted, chosen, gaze (chosen as gaze), or own (for the collection). `files` are File objects,
// `folders` names, `link` an address or "", `text` whether there is plain text. `within()` promises the files in the folders.
globalThis.foveaIncoming = (() => {
  let waiting = [];
  let take; // the program's function, once it is there
  let heard = () => {}; // called when a parcel is kept
  let own; // what is dragged out of this page itself

  const TYPED = "input:not([type=checkbox]):not([type=range]):not([type=file]):not([type=radio]), textarea, [contenteditable]";
  const typed = ({ target }) => !!target?.closest?.(TYPED);

  function give(parcel) {
    if (take) return take(parcel);
    waiting.push(parcel);
    heard();
  }

  // Only while the event lasts do browsers tell what is in it.
  function read(way, data) {
    const files = [], folders = [], entries = [];
    for (const item of data?.items ?? []) {
      if (item.kind !== "file") continue;
      const entry = item.webkitGetAsEntry?.();
      const file = item.getAsFile();
      if (entry?.isDirectory) folders.push(entry.name), entries.push(entry);
      else if (file) files.push(file);
    }
    if (!files.length && !folders.length) files.push(...(data?.files ?? []));
    const said = (type) => data?.getData?.(type) ?? "";
    const address = said("text/uri-list").split(/\r?\n/).find((line) => line && !line.startsWith("#")) ?? "";
    const source = new DOMParser().parseFromString(said("text/html"), "text/html").querySelector("img")?.getAttribute("src") ?? "";
    const text = said("text/plain").trim();
    const link = address || source || (/^(https?|file|data):\S+$/i.test(text) ? text : "");
    return { way, files, folders, link, text: text !== "", within: () => all(entries) };
  }

  // The files in folders, each with its path as a chosen folder's files have it.
  async function all(entries) {
    const found = [];
    for (const entry of entries) {
      if (entry.isDirectory) {
        const reader = entry.createReader();
        // A part at a time, until nothing comes.
        for (let part; (part = await new Promise((done) => reader.readEntries(done, () => done([])))).length; ) found.push(...(await all(part)));
      } else {
        const file = await new Promise((done) => entry.file(done, () => done()));
        if (file) found.push(Object.defineProperty(file, "webkitRelativePath", { value: entry.fullPath.slice(1) }));
      }
    }
    return found;
  }

  const veil = (shown) => {
    const sheet = document.getElementById("drop");
    if (sheet) sheet.hidden = !shown;
  };

  // Text that is dragged into a field is for the field, and what comes from this page is nothing new to it.
  const passes = (event) => (own && !own.closest?.("[data-case]")) || (typed(event) && !event.dataTransfer?.types.includes("Files"));

  addEventListener("dragstart", ({ target }) => (own = target instanceof Element ? target : target?.parentElement));
  addEventListener("dragend", () => (own = undefined));
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => {
      if (passes(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
      veil(true);
    });
  }
  addEventListener("dragleave", ({ relatedTarget }) => {
    // Leaving one element for another has a related target; leaving the window has none.
    if (!relatedTarget) veil(false);
  });
  addEventListener("drop", (event) => {
    veil(false);
    if (passes(event)) return;
    event.preventDefault();
    const dragged = own?.closest?.("[data-case]");
    own = undefined;
    if (dragged) dragged.click();
    else give(read("dropped", event.dataTransfer));
  });
  addEventListener("paste", (event) => {
    const parcel = read("pasted", event.clipboardData);
    if (parcel.files.length || parcel.folders.length) event.preventDefault();
    else if (typed(event)) return;
    give(parcel);
  });
  // While it goes down to the input: camera.mjs tells of its picture by an event that does not come up again.
  addEventListener("change", ({ target }) => {
    const way = { "file": "chosen", "gaze-file": "gaze", "own-files": "own", "own-folder": "own", "links-files": "chosen" }[target?.id];
    if (!way) return;
    const files = [...(target.files ?? [])];
    target.value = ""; // the same file may be chosen again
    if (files.length) give({ way, files, folders: [], link: "", text: false, within: async () => [] });
  }, true);

  return {
    // What is kept, as it can be said: names, of a long list the first, and addresses.
    names() {
      const all = waiting.flatMap(({ files, folders, link }) => {
        const names = [...files.map(({ name }) => name), ...folders];
        return names.length ? names : link ? [link.slice(0, 80)] : [];
      });
      return all.length > 5 ? [...all.slice(0, 5), "…"] : all;
    },
    listen: (listener) => (heard = listener),
    // The program takes what is kept, in its order, and all that comes.
    deliver(receiver) {
      take = receiver;
      const kept = waiting;
      waiting = [];
      kept.forEach(take);
    },
  };
})();
