import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Markdown } from "./Markdown";

const shown = (text: string) =>
  render(
    <MantineProvider env="test">
      <Markdown text={text} streaming={false} />
    </MantineProvider>,
  ).container;

test("nothing of a text is loaded, followed or run", () => {
  const text = [
    '<img src="https://example.org/a.png" onerror="alert(1)">',
    "![a picture](https://example.org/b.png)",
    "[a page](https://example.org), [a script](javascript:alert(1)) and https://example.org/c",
    "<script>alert(1)</script><iframe src='https://example.org'></iframe>",
    "[![both](https://example.org/d.png)](https://example.org)",
    "- [ ] a task",
  ];
  const page = shown(text.join("\n\n"));
  expect(
    page.querySelectorAll("img, a, script, iframe, input, object, link, style:not([data-mantine-styles])"),
  ).toHaveLength(0);
  expect(page.querySelectorAll("[src], [href], [onerror]")).toHaveLength(0);
  expect(page).toHaveTextContent("[a picture]");
  expect(page).toHaveTextContent("<script>alert(1)</script>");
});

test("a block of code keeps its lines and marks, and can be copied", () => {
  const page = shown("Run:\n\n```python\nif a < b:\n    print('<b>')\n\n```\nDone.");
  expect(page.querySelector("pre")?.textContent).toBe("if a < b:\n    print('<b>')\n");
  expect(page.querySelector("figcaption")).toHaveTextContent("python");
  expect(page.querySelector("button")).toHaveAccessibleName("Copy code");
});

test("line breaks of a text are kept", () => {
  expect(shown("one\ntwo").querySelector("p")?.textContent).toBe("one\ntwo");
});
