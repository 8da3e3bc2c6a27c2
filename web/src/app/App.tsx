import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Problem } from "../api/problem";
import { onSignedOut } from "../api/session";
import { styleNonce } from "../ui/nonce";
import { cssVariables, theme } from "../ui/theme";
import { makeRouter } from "./router";
import { lookAgain } from "./session";

/** Asks again only when the server was out of reach or broken, never when it said no. */
const retry = (count: number, error: Error) =>
  count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500);

export function makeQueryClient() {
  return new QueryClient({
    defaultOptions: { queries: { retry, refetchOnWindowFocus: true, staleTime: 5_000 } },
  });
}

export function App() {
  const [queries] = useState(makeQueryClient);
  const [router] = useState(makeRouter);
  useEffect(() => onSignedOut(() => lookAgain(queries)), [queries]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
