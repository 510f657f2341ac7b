import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { followChanges } from "./api/changes";
import type { AppRouter } from "./router";
import { colorVariables, theme } from "./theme";
// In a layer, so that the program's own styles win in whatever order the parts are loaded.
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "./theme.css";

type Props = { router: AppRouter; client: QueryClient; env?: "default" | "test" };

export function App({ router, client, env = "default" }: Props) {
  // Before the effects that send the first queries, so that no change after an answer is missed.
  useLayoutEffect(() => followChanges(client), [client]);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={colorVariables}
        defaultColorScheme="auto"
        env={env}
      >
        <Notifications position="bottom-right" limit={4} />
        <ModalsProvider>
          <RouterProvider router={router} />
        </ModalsProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
