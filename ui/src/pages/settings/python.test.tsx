import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { refusal } from "../../platform/fake";
import { openStudio } from "../../platform/fake/open";

const panel = async () => within(await screen.findByRole("region", { name: "Python" }));

test("every interpreter says what it has or lacks, and that none works is said with what to do", async () => {
  openStudio("/settings");
  const python = await panel();
  expect(await python.findByText("Missing: peft, trl, mlflow, rouge_score.")).toBeVisible();
  expect(python.getByText("None of the libraries are installed.")).toBeVisible();
  expect(python.getByText("It is too old: Python 3.11 or newer is needed.")).toBeVisible();
  expect(python.getByText(/No Python on this machine has what training needs/)).toBeVisible();
  expect(
    python.getByText(/It takes 6.5 GB of disk space and a few minutes to download. 72 GB are free there./),
  ).toBeVisible();
  expect(python.queryByText("In use")).not.toBeInTheDocument();
  expect(python.queryByRole("button", { name: "Remove" })).not.toBeInTheDocument();
});

test("an environment is created with progress, goes on on other pages, and is used", async () => {
  let finish = () => {};
  const { user, fake, router } = openStudio("/settings", {}, (fake) => {
    fake.on(
      "create_environment",
      () =>
        new Promise((resolve) => {
          finish = () => {
            fake.python.state = "complete";
            resolve(fake.python.report().interpreters[0]);
          };
        }),
    );
  });
  await user.click(await (await panel()).findByRole("button", { name: "Create environment" }));
  const call = fake.calls.find(({ command }) => command === "create_environment");
  if (!call) throw new Error("nothing was created");
  const tell = { doing: "Downloading torch and triton", done: 1_200_000_000, total: 2_700_000_000 };
  act(() => fake.progress(call.args, tell));
  expect(await screen.findByText("Downloading torch and triton…")).toBeVisible();
  expect(screen.getByText("1.2 GB of 2.7 GB")).toBeVisible();

  await act(() => router.navigate({ to: "/" }));
  expect(fake.calls.some(({ command }) => command === "cancel")).toBe(false);
  await act(async () => finish());
  expect(await screen.findByText("Python is ready to train")).toBeVisible();
  await act(() => router.navigate({ to: "/settings" }));
  const python = await panel();
  expect(await python.findByText("In use")).toBeVisible();
  expect(await python.findByText(/It computes on NVIDIA RTX 4090 \(26 GB\)/)).toBeVisible();
  expect(python.getByText("It is complete and takes 6.5 GB.")).toBeVisible();
});

test("cancelling says what is kept, and a failure says what to do", async () => {
  let fail = (_: unknown) => {};
  const { user, fake } = openStudio("/settings", {}, (fake) => {
    fake.on("create_environment", () => new Promise((_, reject) => (fail = reject)));
    fake.on("cancel", () => {
      fake.python.state = "unfinished";
      fail(refusal("cancelled", "Cancelled."));
      return true;
    });
  });
  const python = await panel();
  await user.click(await python.findByRole("button", { name: "Create environment" }));
  await user.click(python.getByRole("button", { name: "Cancel" }));
  expect(await python.findByText(/Canceled. The finished part is kept/)).toBeVisible();
  expect(await python.findByText(/2.3 GB of about 6.5 GB are downloaded/)).toBeVisible();
  await user.click(python.getByRole("button", { name: "Continue creating it" }));
  await act(async () =>
    fail(
      refusal("unreachable", "The packages could not be installed: the package index can't be reached.", {
        hint: "Check the network and try again.",
      }),
    ),
  );
  const alert = await python.findByRole("alert");
  expect(alert).toHaveTextContent("the package index can't be reached");
  expect(alert).toHaveTextContent("Check the network and try again.");
  expect(fake.calls.filter(({ command }) => command === "create_environment")).toHaveLength(2);
});

test("another Python is chosen from the list or by the picker, and one that is none is refused", async () => {
  const { user, fake } = openStudio("/settings", {}, (fake) => {
    fake.python.state = "complete";
  });
  const python = await panel();
  expect(await python.findByRole("radio", { name: "Choose for me" })).toBeChecked();
  await user.click(python.getByRole("radio", { name: "/home/ada/project/.venv/bin/python" }));
  await waitFor(() =>
    expect(python.getByRole("radio", { name: "/home/ada/project/.venv/bin/python" })).toBeChecked(),
  );
  // It lacks libraries, so nothing is used now.
  expect(python.queryByText("In use")).not.toBeInTheDocument();

  fake.nextPick("/home/ada/notes.txt");
  await user.click(python.getByRole("button", { name: "Choose a Python…" }));
  expect(await python.findByRole("alert")).toHaveTextContent("/home/ada/notes.txt can't be used as Python");
  await user.click(python.getByRole("radio", { name: "Choose for me" }));
  await waitFor(() => expect(fake.python.chosen).toBeNull());
  expect(await python.findByText("In use")).toBeVisible();
});

test("the environment is removed once that is confirmed", async () => {
  const { user } = openStudio("/settings", {}, (fake) => {
    fake.python.state = "complete";
  });
  const python = await panel();
  await user.click(await python.findByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove the environment?" }));
  expect(dialog.getByText(/This frees 6.5 GB/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await python.findByRole("button", { name: "Create environment" })).toBeVisible();
});
