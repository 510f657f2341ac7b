import { expect, test } from "vitest";
import { tableOf } from "../../api/tables";
import { BESIDE, fitting, listColumns } from "./columns";

const names = (room: number) => fitting(listColumns(tableOf("datasets")), room).map(({ name }) => name);

test("a narrow list leaves out its last columns, but never names and times", () => {
  const all = listColumns(tableOf("datasets"));
  const needed = all.reduce((sum, { least }) => sum + least, BESIDE);
  expect(names(needed)).toEqual(all.map(({ name }) => name));
  expect(names(needed - 1)).toEqual(all.map(({ name }) => name).filter((name) => name !== "tags"));
  expect(names(1)).toEqual(["name", "changed_at"]);
});
