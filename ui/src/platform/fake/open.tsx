import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../../App";
import { createQueryClient } from "../../api/client";
import { createAppRouter } from "../../router";
import { type Fake, installFake } from ".";
import type { Filling } from "./store";

/** Opens the whole studio on one page, as a person would have it before them. */
export function openStudio(address: string, filling: Filling = {}, prepare?: (fake: Fake) => void) {
  const fake = installFake(filling);
  prepare?.(fake);
  const router = createAppRouter(createMemoryHistory({ initialEntries: [address] }));
  const client = createQueryClient();
  const user = userEvent.setup();
  return { fake, router, user, ...render(<App router={router} client={client} env="test" />) };
}
