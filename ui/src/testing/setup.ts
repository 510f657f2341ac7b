// What jsdom lacks and the pages need. Elements get a size, so that the rows in sight are drawn.
import "@testing-library/jest-dom/vitest";
import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { closeHosts } from "./open";

class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizeObserver;
window.matchMedia = (media) =>
  ({
    media,
    matches: false,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }) as MediaQueryList;
for (const side of ["offsetHeight", "clientHeight"]) {
  Object.defineProperty(HTMLElement.prototype, side, { value: 600 });
}
for (const side of ["offsetWidth", "clientWidth"]) {
  Object.defineProperty(HTMLElement.prototype, side, { value: 800 });
}
// The editor measures text, which jsdom does not lay out.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = () => {};
Object.defineProperty(document, "fonts", { value: new EventTarget() });

// The machine may be busy: what must happen is waited for, however long it takes within reason.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  notifications.clean();
  notifications.cleanQueue();
  cleanup();
  closeHosts();
  localStorage.clear();
});
