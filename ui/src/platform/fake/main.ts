// Opens the pages over the fake: fake.html?filling=empty|example|many

import { installFakeFiles } from "../../resources/datasets/fakeFiles";
import { installFake } from ".";
import { exampleDatasets, exampleFiles } from "./exampleFiles";
import { exampleRuns, goOn, manyRuns } from "./exampleRuns";
import { example, many } from "./fillings";
import { otherStudio, withProblems } from "./otherStudio";

const filling = new URLSearchParams(location.search).get("filling") ?? "example";
// What is before the hash would be read as part of every page's address.
history.replaceState(null, "", location.pathname + location.hash);
const rows = filling === "empty" ? {} : filling === "many" ? many(10_000) : example();
rows.datasets?.push(...exampleDatasets);
const fake = installFake(rows);
installFakeFiles(fake, exampleFiles());
if (filling !== "empty") exampleRuns(fake.store, fake.runs);
if (filling === "many") manyRuns(fake.store, fake.runs, 10_000);
goOn(fake.runs);
fake.snapshots.files.set("/home/grace/studio.json", otherStudio);
fake.snapshots.files.set("/home/grace/broken.json", withProblems);
Object.assign(window, { fake });
void import("../../main");
