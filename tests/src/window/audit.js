// The body of a function that WebDriver calls once axe is on the page. Answers with what is seriously
// wrong, a line each, when nothing moves any more: half-faded colours would be taken for faint ones.
const done = arguments[arguments.length - 1];
const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime ?? 0);
const still = () => Promise.allSettled(document.getAnimations().filter(ends).map(({ finished }) => finished));
const described = ({ id, help, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${help}\n    ${html.slice(0, 240)}\n    ${failureSummary.replace(/\s+/g, " ")}`);

still()
  .then(() => window.axe.run(document, { resultTypes: ["violations"] }))
  .then(({ violations }) => done(violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap(described)))
  .catch((error) => done([`axe failed: ${error}`]));
