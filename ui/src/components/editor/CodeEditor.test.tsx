import { forEachDiagnostic } from "@codemirror/lint";
import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { CodeField } from "./CodeField";
import type { Language } from "./Editor";
import type { Place } from "./problems";
import { viewOf, write } from "./write";

type Props = { language?: Language; start?: string; problems?: Place[]; error?: string };

function Page({ start = "", ...rest }: Props) {
  const [text, setText] = useState(start);
  return (
    <MantineProvider env="test">
      <CodeField label="Settings" description="As JSON." value={text} onChange={setText} required {...rest} />
      <button type="button">After</button>
    </MantineProvider>
  );
}

const marks = (element: HTMLElement) => {
  const found: string[] = [];
  const { state } = viewOf(element);
  forEachDiagnostic(state, ({ message }, from, to) => found.push(`${from}-${to} ${message}`));
  return found;
};

test("an editor has its label's name, its help and what is wrong with it", async () => {
  render(<Page error="This is needed." />);
  const field = await screen.findByRole("textbox", { name: /Settings/ });
  expect(field).toHaveAccessibleDescription("As JSON. This is needed.");
  expect(field).toHaveAttribute("aria-invalid", "true");
  expect(field).toHaveAttribute("aria-required", "true");
});

test("the place where a text stops being JSON or YAML is marked", async () => {
  const page = render(<Page language="json" start={'{"r": 16,}'} />);
  const field = await screen.findByRole("textbox");
  await waitFor(() => expect(marks(field)).toEqual(["9-10 This is not valid JSON from here on."]));
  write(field, '{"r": 16}');
  await waitFor(() => expect(marks(field)).toEqual([]));
  page.unmount();

  render(<Page language="yaml" start={"a: 1\nb: [2\nc: 3\n"} />);
  const yaml = await screen.findByRole("textbox");
  await waitFor(() => expect(marks(yaml)[0]).toMatch(/not valid YAML/));
});

test("the range of a given problem is marked by characters, not by code units", async () => {
  const problems: Place[] = [{ line: 2, character: 3, length: 2, message: "No such column." }];
  render(<Page start={"one\n😀 {x}"} problems={problems} />);
  await waitFor(async () =>
    expect(marks(await screen.findByRole("textbox"))).toEqual(["7-9 No such column."]),
  );
});

test("tab leaves the editor", async () => {
  const user = userEvent.setup();
  render(<Page start="text" />);
  (await screen.findByRole("textbox")).focus();
  await user.tab();
  expect(screen.getByRole("button", { name: "After" })).toHaveFocus();
});
