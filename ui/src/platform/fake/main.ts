// Opens the pages over the fake: fake.html?filling=empty|example|many

import { installFake } from ".";
import { example, many } from "./fillings";
import { otherStudio, withProblems } from "./otherStudio";

const filling = new URLSearchParams(location.search).get("filling") ?? "example";
// What is before the hash would be read as part of every page's address.
history.replaceState(null, "", location.pathname + location.hash);
const fake = installFake(filling === "empty" ? {} : filling === "many" ? many(10_000) : example());
fake.snapshots.files.set("/home/grace/studio.json", otherStudio);
fake.snapshots.files.set("/home/grace/broken.json", withProblems);
Object.assign(window, { fake });
void import("../../main");
