import { expect, test } from "vitest";
import { datasetIn, withDataset } from "./axolotl/yamlText";
import { placeAt, settingsIn, withSetting } from "./form/jsonText";

test("a setting is written where it stands, and nothing else moves", () => {
  const text = '{\n\t"b" : 1,\n\t"a": [1,2]  ,"c":null}';
  expect(withSetting(text, "b", "2.50")).toBe('{\n\t"b" : 2.50,\n\t"a": [1,2]  ,"c":null}');
  expect([...(settingsIn(withSetting(text, "b", null)) ?? []).keys()]).toEqual(["a", "c"]);
  expect(withSetting("", "r", "8")).toBe('{\n  "r": 8\n}');
  expect(withSetting(text, "d", '"x"')).toBe('{\n\t"b" : 1,\n\t"a": [1,2]  ,"c":null, "d": "x"}');
  expect(withSetting('{\n    "a": 1\n}\n', "d", "2")).toBe('{\n    "a": 1,\n    "d": 2\n}\n');
  expect(withSetting('{"a":  [1,  2], "b": 1}', "b", null)).toBe('{"a":  [1,  2]}');
});

test("what is not a JSON object has no settings", () => {
  for (const text of ["{", "[1]", "3", '{"a": 1,}', '{"a": 1} // no', "null"]) {
    expect(settingsIn(text), text).toBeNull();
  }
  expect(settingsIn(" \n")?.size).toBe(0);
  expect(settingsIn('{"a": 1.0}')?.get("a")).toMatchObject({ value: 1, text: "1.0" });
});

test("a byte-order mark is read over and kept", () => {
  expect(settingsIn('\uFEFF{"a": 1}')?.get("a")).toMatchObject({ value: 1, at: 2 });
  expect(withSetting('\uFEFF{"a": 1}', "a", "2")).toBe('\uFEFF{"a": 2}');
});

test("a place counts characters, not code units", () => {
  expect(placeAt('{\n "😀": 1, "r": 2}', '{\n "😀": 1, '.length)).toEqual({ line: 2, character: 10 });
});

test.each([
  [
    "a: 1\ndatasets:\n  - path:\n    type:\n# c\nb: 2\n",
    "a: 1\ndatasets:\n  - path: p\n    type: t\n# c\nb: 2\n",
  ],
  [
    "datasets:\n  - path: old # file\n    type: alpaca # form\n",
    "datasets:\n  - path: p # file\n    type: t # form\n",
  ],
  ["datasets:\n  - path: # file\n    type:\n", "datasets:\n  - path: p # file\n    type: t\n"],
  ["datasets: [{path: x, type: }]\n", "datasets: [{path: p, type: t}]\n"],
  ["# top\nb: 1\n", "# top\nb: 1\ndatasets:\n  - path: p\n    type: t\n"],
  ["datasets:\n", "datasets:\n  - path: p\n    type: t\n"],
])("the dataset of %j is written in", (text, expected) => {
  const changed = withDataset(text, { path: "p", type: "t" });
  expect(changed).toBe(expected);
  expect(datasetIn(changed)).toEqual({ path: "p", type: "t" });
});

test("a path that YAML would misread is quoted, and a broken text stays as it is", () => {
  expect(withDataset("datasets:\n  - path:\n", { path: "a: b #c" })).toBe('datasets:\n  - path: "a: b #c"\n');
  expect(withDataset("a: [1", { type: "t" })).toBe("a: [1");
  expect(datasetIn("a: [1")).toBeNull();
});
