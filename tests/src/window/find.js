// The body of a function that WebDriver calls with a question and its words.
// Answers with an element, true, or null when it is not (yet) so.
const [question, words] = arguments;
const [name, text] = words;

const CLICKABLE = "button, a, summary, [role=button], [role=link], [role=tab], [role=menuitem], [role=menuitemcheckbox], [role=option], [role=row], [role=radio], label, input[type=checkbox], tr";
const FIELD = "input, textarea, select, [role=combobox], [contenteditable=true]";

const squeeze = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
const seen = (selector, within) => [...within.querySelectorAll(selector)].filter(visible);

// An open dialog hides the page behind it, so only its own words count.
const dialog = seen("[role=dialog][aria-modal=true], [role=alertdialog]", document).at(-1);
const page = dialog ?? document.body;

function named(element) {
  const ids = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const labels = ids.map((id) => squeeze(document.getElementById(id)?.textContent));
  // A tab or a link may carry a count in a line of its own.
  const [first = ""] = element.innerText.trim().split("\n");
  return [squeeze(element.getAttribute("aria-label")), labels.join(" "), squeeze(element.innerText), squeeze(first)];
}

// A required field's label ends with a mark.
const isLabel = (label) => squeeze(label).replace(/\s*\*$/, "") === name;

function field() {
  const labelled = seen("label", page).filter((label) => isLabel(label.textContent));
  const controls = labelled.map((label) => label.control).filter((control) => control && visible(control));
  return controls[0] ?? seen(FIELD, page).find((control) => named(control).slice(0, 2).some(isLabel)) ?? null;
}

// By the cell with these words: what stands in the middle of a row may be a link to elsewhere.
function row() {
  const holds = (element) => squeeze(element.innerText).includes(name);
  const found = seen("[role=row]", page).find(holds);
  return found ? (seen("[role=gridcell]", found).find(holds) ?? found) : null;
}

const clickable = (selector, within) =>
  seen(selector, within).find((element) => !element.disabled && named(element).includes(name)) ?? null;

// As a person would: bring it to the middle and let it come to rest before using it, for a click on
// what still moves lands beside it. At rest is what stands where the question before found it.
function reached(element) {
  if (!element) return null;
  element.scrollIntoView({ block: "center" });
  const { x, y, width, height } = element.getBoundingClientRect();
  const place = [x, y, width, height].join(" ");
  const before = window.lastReached;
  window.lastReached = { element, place };
  return before?.element === element && before.place === place ? element : null;
}

// Where a form shows what belongs to a field: the nearest ancestor with the words the field refers to.
function beside(control) {
  const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  return ids.map((id) => squeeze(document.getElementById(id)?.textContent)).join(" ");
}

// An editor has no value: its lines are what it holds.
const held = (control) =>
  control.value ?? [...control.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");

const part = (label) => seen("section, aside, nav, [role=region]", page).find((region) => named(region)[0] === label);

const says = (words) => squeeze(page.innerText).includes(squeeze(words));
const found = field();

switch (question) {
  case "click":
    return reached(clickable(CLICKABLE, page));
  case "click in":
    return reached(part(text) ? clickable(CLICKABLE, part(text)) : null);
  case "option":
    return reached(clickable("[role=option]", document.body));
  case "tab":
    return reached(clickable("[role=tab]", page));
  case "row":
    return reached(row());
  case "field":
    return reached(found);
  case "focus": {
    const { activeElement } = document;
    const button = activeElement.matches(CLICKABLE) && named(activeElement).includes(name);
    return button || (found !== null && found === activeElement);
  }
  case "holds":
    return found !== null && held(found) === text;
  case "beside":
    return found !== null && beside(found).includes(squeeze(text));
  case "detail":
    return !dialog && seen("aside", page).some((panel) => named(panel)[0] === name);
  case "page":
    return seen("h1", page).some((title) => squeeze(title.innerText) === name);
  case "dialog":
    return dialog !== undefined;
  case "no dialog":
    return document.querySelector("[role=dialog]") === null;
  case "text":
    return says(name);
  case "match":
    return page.innerText.match(new RegExp(name))?.[0] ?? null;
  case "no text":
    return !says(name);
  default:
    throw new Error(`The page can't answer "${question}".`);
}
