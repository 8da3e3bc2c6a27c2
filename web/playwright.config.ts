import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// With PARLEY_URL: the journey through a running product. Without: the pages against made-up answers.
const running = process.env.PARLEY_URL;
const port = process.env.PARLEY_PAGES_PORT ?? "4310";
const pages = `http://127.0.0.1:${port}`;
const microphone = process.env.PARLEY_MICROPHONE_WAV;

// The system's browser where there is one, else Playwright's own.
const system = "/usr/bin/chromium";
const chromium = process.env.PARLEY_CHROMIUM ?? (existsSync(system) ? system : undefined);

export default defineConfig({
  testDir: "e2e",
  testMatch: running ? "journey*.spec.ts" : "*.spec.ts",
  testIgnore: running ? [] : "journey*.spec.ts",
  // A call through a running product has the machine to itself.
  workers: running ? 1 : 2,
  fullyParallel: !running,
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: running ?? pages,
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
      ],
    },
  },
  ...(running
    ? {}
    : {
        webServer: {
          command: `npx vite build --mode gallery && npx vite preview --mode gallery --host 127.0.0.1 --port ${port} --strictPort`,
          url: pages,
          timeout: 120_000,
          reuseExistingServer: false,
        },
      }),
});
