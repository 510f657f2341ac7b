// Opens the pages over the fake: fake.html?filling=empty|example|many

import { installFake } from ".";
import { example, many } from "./fillings";

const filling = new URLSearchParams(location.search).get("filling") ?? "example";
// What is before the hash would be read as part of every page's address.
history.replaceState(null, "", location.pathname + location.hash);
installFake(filling === "empty" ? {} : filling === "many" ? many(10_000) : example());
void import("../../main");
