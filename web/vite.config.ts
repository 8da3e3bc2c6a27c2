import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `--mode gallery` also builds e2e/gallery.html, where the page tests look at rooms without a media server.
export default defineConfig(({ mode }) => {
  const gallery = mode === "gallery";
  return {
    plugins: [react()],
    // Stands in the built page; api/pages.py puts another one in its place for each answer.
    html: { cspNonce: "STYLE_NONCE" },
    build: {
      outDir: gallery ? "dist-gallery" : "dist",
      chunkSizeWarningLimit: 700,
      rollupOptions: gallery ? { input: ["index.html", "e2e/gallery.html"] } : {},
    },
    test: {
      environment: "jsdom",
      include: ["src/**/*.test.{ts,tsx}"],
      setupFiles: ["src/test-setup.ts"],
      restoreMocks: true,
    },
  };
});
