import { createHashHistory } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { createQueryClient } from "./api/client";
import { createAppRouter } from "./router";
import { applyStoredColorScheme } from "./theme";

applyStoredColorScheme();

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(<App router={createAppRouter(createHashHistory())} client={createQueryClient()} />);
